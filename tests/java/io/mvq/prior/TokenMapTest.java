package io.mvq.prior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.tensor.RandomState;
import io.mvq.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class TokenMapTest {
  @Test
  void aRowHasCodesOfItsOwnAndAGridOneCodebook() {
    assertThat(TokenMap.row(5, 3)).isEqualTo(new TokenMap(1, 2, List.of(5, 3), false));
    assertThat(TokenMap.grid(2, 2, 7)).isEqualTo(new TokenMap(2, 2, List.of(7, 7, 7, 7), true));
  }

  @Test
  void onlySharedPositionsHaveEqualEmbeddings() {
    RandomState.seed(1);
    Tensor tokens = Tensors.of(new long[] {2, 2}, 1, 2);
    Tensor shared = new TokenTable(TokenMap.grid(1, 2, 4), 3, 1).embed(tokens);
    Tensor own = new TokenTable(TokenMap.row(4, 4), 3, 1).embed(tokens);
    assertThat(Tensors.floats(shared.select(1, 0))).isEqualTo(Tensors.floats(shared.select(1, 1)));
    assertThat(Tensors.floats(own.select(1, 0))).isNotEqualTo(Tensors.floats(own.select(1, 1)));
  }

  @Test
  void impossibleMapsAreNamed() {
    assertThatThrownBy(() -> TokenMap.row())
        .hasMessage("codes must name at least 1 position, got 0");
    assertThatThrownBy(() -> TokenMap.grid(0, 4, 8)).hasMessage("height must be at least 1, got 0");
    assertThatThrownBy(() -> TokenMap.grid(4, 4, 0))
        .hasMessageStartingWith("codes must be at least 1 at each position, got [0, 0");
    assertThatThrownBy(() -> new TokenMap(2, 2, List.of(3, 3, 3), false))
        .hasMessage("codes must be height * width (4), got 3");
    assertThatThrownBy(() -> new TokenMap(1, 2, List.of(3, 4), true))
        .hasMessage("codes must be equal at all positions to be shared, got [3, 4]");
  }
}
