package io.mvq.data.set;

import java.util.HashMap;
import java.util.Map;

/** Names that belong together, however far apart they were joined (union-find). */
final class Groups {
  private final Map<String, String> parents = new HashMap<>();

  /** From now on both are in one group. */
  void join(String a, String b) {
    String first = of(a);
    String second = of(b);
    // The smaller name stands for the group, so the order of joining does not matter.
    if (first.compareTo(second) < 0) {
      parents.put(second, first);
    } else if (first.compareTo(second) > 0) {
      parents.put(first, second);
    }
  }

  /** The smallest name of the group; the name itself if it was never joined. */
  String of(String name) {
    String root = name;
    while (parents.containsKey(root)) {
      root = parents.get(root);
    }
    return root;
  }
}
