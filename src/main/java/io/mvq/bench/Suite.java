package io.mvq.bench;

import io.mvq.timing.Place;
import io.mvq.timing.Rounds;
import java.util.List;

/** Cases of one kind. */
public interface Suite {
  /** In the order of measuring. */
  List<Case> cases();

  /** Makes the data of a case in a place and measures it there. */
  Row measure(Case one, Place place, Rounds rounds);
}
