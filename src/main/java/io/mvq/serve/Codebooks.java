package io.mvq.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.Code;
import io.mvq.Tokenizer;
import io.mvq.prior.Sampling;
import io.mvq.quantize.CodebookUsage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The codes that a token chooses from: the picture of each, how often the prior draws it, and which
 * lie nearest to each other. A code's picture has the commonest codes at the other tokens; a base
 * token's has no mask bit kept, which is what that code says alone, a masked token's has all.
 */
final class Codebooks {
  private static final int MOST_DRAWS = 4096;
  private static final int MOST_TOKENS_DRAWN = 1 << 16;
  private static final int MOST_PAIRED = 2048;

  private final Tokenizer tokenizer;
  private long[][] counts; // of each token; drawn when first asked for

  Codebooks(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  Gate.Work<Answer> answer(Request request) {
    request.allow("token", "from");
    Tokenizer.Info info = tokenizer.info();
    int token = request.whole("token", 0, 0, info.tokens() - 1);
    int from = request.whole("from", 0, 0, info.codes().get(token) - 1);
    return () -> Answer.json(codebook(token, from));
  }

  private ObjectNode codebook(int token, int from) throws IOException {
    Tokenizer.Info info = tokenizer.info();
    int k = info.codes().get(token);
    long[][] used = counts();
    ObjectNode tree = Api.object();
    tree.put("token", token).put("kind", kind(token)).put("codes", k);
    if (info.samples()) {
      CodebookUsage usage = CodebookUsage.of(used[token]);
      tree.put("draws", usage.rows()).put("used", usage.used());
      tree.put("perplexity", usage.perplexity());
      ArrayNode all = tree.putArray("counts");
      for (long count : used[token]) {
        all.add(count);
      }
    }
    List<Code> some = new ArrayList<>();
    for (int code = from; code < Math.min(k, from + Limits.pictures(info.side())); code++) {
      some.add(only(token, code, used));
    }
    ArrayNode images = tree.put("from", from).putArray("images");
    for (Code code : some) {
      images.add(Api.url(PngText.write(tokenizer.decode(code), code)));
    }
    if (k <= MOST_PAIRED && from == 0) {
      pairs(token, k, used, tree.putArray("pairs"));
    }
    return tree;
  }

  private String kind(int token) {
    Tokenizer.Info info = tokenizer.info();
    if (info.maskedTokens() == 0 || token >= info.baseTokens() + info.maskedTokens()) {
      return "plain";
    }
    return token < info.baseTokens() ? "base" : "masked";
  }

  /** A code by itself. */
  private Code only(int token, int code, long[][] used) {
    Tokenizer.Info info = tokenizer.info();
    int[] tokens = new int[info.tokens()];
    for (int t = 0; t < tokens.length; t++) {
      tokens[t] = t == token ? code : commonest(used[t]);
    }
    int words = (info.maskWidth() + Long.SIZE - 1) / Long.SIZE;
    long[] mask = new long[info.winners() * words];
    int kept = kind(token).equals("base") ? 0 : info.winners() * info.maskWidth();
    for (int i = 0; i < kept; i++) {
      int bit = i % info.maskWidth();
      mask[i / info.maskWidth() * words + bit / Long.SIZE] |= 1L << bit;
    }
    return new Code(info.model(), tokens, info.maskWidth(), mask);
  }

  private static int commonest(long[] counts) {
    int best = 0;
    for (int code = 1; code < counts.length; code++) {
      best = counts[code] > counts[best] ? code : best;
    }
    return best;
  }

  private void pairs(int token, int k, long[][] used, ArrayNode all) {
    float[][] vectors = new float[k][];
    for (int code = 0; code < k; code++) {
      vectors[code] = tokenizer.vector(only(token, code, used));
    }
    for (NearestPairs.Pair pair : NearestPairs.of(vectors)) {
      all.addObject().put("a", pair.a()).put("b", pair.b()).put("distance", pair.distance());
    }
  }

  private synchronized long[][] counts() {
    if (counts == null) {
      Tokenizer.Info info = tokenizer.info();
      long[][] drawn = new long[info.tokens()][];
      for (int t = 0; t < drawn.length; t++) {
        drawn[t] = new long[info.codes().get(t)];
      }
      if (info.samples()) {
        int n = Math.max(64, Math.min(MOST_DRAWS, MOST_TOKENS_DRAWN / info.tokens()));
        for (Code code : tokenizer.sampleCodes(n, null, Sampling.PLAIN, 1)) {
          int[] tokens = code.tokens();
          for (int t = 0; t < tokens.length; t++) {
            drawn[t][tokens[t]]++;
          }
        }
      }
      counts = drawn;
    }
    return counts;
  }
}
