package io.mvq.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mvq.train.EvaluationInterval;
import org.junit.jupiter.api.Test;

class EvaluationBudgetTest {
  private long now;

  @Test
  void nobodysEvaluationsWaitWhileThoseBeforeTookMoreThanThreePercent() {
    EvaluationBudget budget = new EvaluationBudget(null, () -> now);
    now = 1_000_000_000;
    assertThat(budget.isLeft()).isTrue();
    assertThat(budget.spend(() -> now += 300_000_000)).isEqualTo(0.3);
    assertThat(budget.isLeft()).isFalse();
    now = 9_900_000_000L; // 0.3 of 9.9 s
    assertThat(budget.isLeft()).isFalse();
    now = 10_000_000_000L;
    assertThat(budget.isLeft()).isTrue();
  }

  @Test
  void thoseThatOneAskedForDoNotWait() {
    EvaluationBudget budget = new EvaluationBudget(new EvaluationInterval(2), () -> now);
    budget.spend(() -> now += 1_000_000_000);
    assertThat(budget.isLeft()).isTrue();
  }
}
