import io.mvq.kernel.Assignment;
import io.mvq.kernel.Backend;
import io.mvq.kernel.CodebookSums;
import io.mvq.kernel.Dropout;
import io.mvq.kernel.DropoutMasks;
import io.mvq.kernel.FloatMatrix;
import io.mvq.kernel.Head;
import io.mvq.kernel.MaskBits;
import io.mvq.kernel.NearestCode;
import io.mvq.kernel.NearestFreeMask;
import io.mvq.kernel.NearestInBank;
import io.mvq.kernel.SelectHypothesis;
import io.mvq.kernel.Where;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Every kernel on the same inputs: a line each that must be the same on every machine. The last
 * line names the backend.
 */
class Bits {
  private static final Random RANDOM = new Random(1);

  private static float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] =
          RANDOM.nextFloat() * 2 - 1; // without a logarithm, which systems may round otherwise
    }
    return numbers;
  }

  private static FloatMatrix matrix(int rows, int width) {
    return FloatMatrix.of(numbers(rows * width), width);
  }

  private static int hash(MaskBits masks) {
    int hash = 1;
    for (long i = 0; i < masks.count(); i++) {
      hash = 31 * hash + masks.get(i).hashCode();
    }
    return hash;
  }

  private static void print(String operation, int... hashes) {
    System.out.println(operation + " " + Arrays.toString(hashes));
  }

  private static void print(String operation, Assignment found, int more) {
    print(operation, Arrays.hashCode(found.indices()), Arrays.hashCode(found.distances()), more);
  }

  public static void main(String[] arguments) {
    FloatMatrix rows = matrix(150, 65);
    FloatMatrix codes = matrix(300, 65);
    Assignment nearest = NearestCode.search(rows, codes);
    print("nearest code", nearest, 0);
    MaskBits masks = DropoutMasks.draw(3, 5, 65, new Dropout(7, 11, .3), Where.CPU);
    print("dropout masks", hash(masks));
    NearestInBank.Found inBank = NearestInBank.search(rows, codes, masks, Where.CPU);
    print("nearest in bank", inBank.assignment(), Arrays.hashCode(inBank.maskIndices()));
    NearestFreeMask.Found free = NearestFreeMask.search(rows, codes, 40, Where.CPU);
    print("nearest free mask", free.assignment(), hash(free.masks()));
    Head head =
        new Head(
            List.of(
                new Head.Layer(matrix(24, 20), new FloatPointer(numbers(24))),
                new Head.Layer(matrix(16, 24), new FloatPointer(numbers(16)))),
            Head.Activation.GELU,
            0);
    SelectHypothesis.Question question =
        new SelectHypothesis.Question(
            matrix(9, 20), 20, head, matrix(9, 16), matrix(9, 16), 16, false);
    SelectHypothesis.Winners winners =
        SelectHypothesis.select(question, 200, new Dropout(3, 5, .5), Where.CPU);
    print(
        "select hypothesis", Arrays.hashCode(winners.indices()), Arrays.hashCode(winners.losses()));
    CodebookSums.Sums sums = CodebookSums.sum(rows, nearest.index(), 300, Where.CPU);
    float[] all = new float[300 * 65];
    sums.sums().get(all);
    print("codebook sums", Arrays.hashCode(all));
    System.out.println(Backend.load().name());
  }
}
