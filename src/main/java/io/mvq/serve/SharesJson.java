package io.mvq.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.mvq.run.Shares;

/** {@code {"codes": 0.5, "masks": 0, "residuals": 1}}; what is left out is 0. */
final class SharesJson {
  private SharesJson() {}

  static Shares read(JsonNode tree) {
    if (!tree.isObject()) {
      throw new Refusal(400, "each of shares must be an object of codes, masks and residuals");
    }
    return new Shares(share(tree, "codes"), share(tree, "masks"), share(tree, "residuals"));
  }

  private static double share(JsonNode tree, String name) {
    JsonNode value = tree.path(name);
    if (!value.isMissingNode() && !value.isNumber()) {
      throw new Refusal(400, "%s must be a number", name);
    }
    return value.asDouble(0);
  }
}
