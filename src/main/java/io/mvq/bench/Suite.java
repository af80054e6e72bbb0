package io.mvq.bench;

import io.mvq.kernel.Where;
import java.util.List;

/** Cases of one kind. */
public interface Suite {
  /** In the order of measuring. */
  List<Case> cases();

  /** Makes the data of a case and measures it with {@code where}'s threads. */
  Row measure(Case one, Where where, Rounds rounds);
}
