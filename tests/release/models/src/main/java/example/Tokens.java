package example;

import io.mvq.Code;
import io.mvq.Tokenizer;
import io.mvq.quantize.Codebook;
import io.mvq.quantize.VectorQuantizer;
import java.util.Arrays;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

public class Tokens {
  public static void main(String[] args) throws Exception {
    VectorQuantizer quantizer = new VectorQuantizer(4, 2, 2, Codebook.Learning.DEFAULT);
    Tensor rows = torch.tensor(0f, 0f, 5f, 5f, 0f, 5f, 5f, 0f).view(4, 2);
    quantizer.initialize(rows);
    long[] tokens = new long[4];
    new LongPointer(quantizer.assign(rows).data_ptr_long()).get(tokens);
    try (Tokenizer emoji = Tokenizer.pretrained("emoji-2")) {
      Code code = emoji.encode(emoji.sample(1, null, 1).get(0));
      System.out.println("emoji as " + code.tokens().length + " tokens");
    }
    System.out.println("different tokens " + Arrays.stream(tokens).distinct().count());
  }
}
