package example;

import io.mvq.kernel.Assignment;
import io.mvq.kernel.FloatMatrix;
import io.mvq.kernel.NearestCode;

public class Nearest {
  public static void main(String[] args) {
    FloatMatrix codes = FloatMatrix.of(new float[] {0, 0, 1, 0, 0, 1, 1, 1}, 2);
    FloatMatrix rows = FloatMatrix.of(new float[] {.9f, .2f, .4f, .8f}, 2);
    Assignment nearest = NearestCode.search(rows, codes);
    for (long code : nearest.indices()) {
      System.out.println("code " + code);
    }
  }
}
