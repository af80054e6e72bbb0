package io.mvq.bench;

import io.mvq.timing.Contender;
import io.mvq.timing.Place;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;

/**
 * LibTorch on a GPU once more, with TF32 allowed in its products: factors rounded to 10 bits behind
 * the binary point, which is faster, and may call another code the nearest. Off by default in
 * LibTorch; what a user who allows it compares with.
 */
final class Tf32 {
  private Tf32() {}

  /** The same work with TF32 allowed for its time alone. */
  static Runnable allowed(Runnable work) {
    return () -> {
      Context context = torch.globalContext();
      boolean before = context.allowTF32CuBLAS();
      context.setAllowTF32CuBLAS(true);
      try {
        work.run();
      } finally {
        context.setAllowTF32CuBLAS(before);
      }
    };
  }

  /**
   * The contenders and, on a GPU, each of LibTorch's once more with TF32.
   *
   * @param contenders ours first
   */
  static List<Contender> beside(Place place, List<Contender> contenders) {
    if (!place.gpu()) {
      return contenders; // a CPU has none
    }
    List<Contender> all = new ArrayList<>(contenders);
    contenders.stream()
        .skip(1)
        .map(peer -> new Contender(peer.name() + "_tf32", peer.extraBytes(), allowed(peer.run())))
        .forEach(all::add);
    return all;
  }
}
