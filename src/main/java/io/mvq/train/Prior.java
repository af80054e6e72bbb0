package io.mvq.train;

import java.util.List;

/**
 * The prior over tokens.
 *
 * @param kind {@code transformer} or {@code pixelcnn}
 * @param width floats a position
 * @param layers Transformer blocks or PixelCNN layers
 * @param heads a Transformer's attention heads; must divide the width
 * @param dropout share of activations dropped while training
 * @param conditional whether it learns the images' classes too
 * @param masks where masks of new images come from: {@code uniform} (drawn as in training, or by
 *     the mixture head if the model has one), {@code bernoulli} or {@code autoregressive} (learned
 *     from the winners given the tokens)
 * @param training how the prior and, if learned, that of the masks are trained
 */
public record Prior(
    String kind,
    int width,
    int layers,
    int heads,
    double dropout,
    boolean conditional,
    String masks,
    Recipe.Training training) {
  public Prior {
    Limits.oneOf("prior.kind", kind, List.of("transformer", "pixelcnn"));
    Limits.atLeast("prior.width", width, 1);
    Limits.atLeast("prior.layers", layers, 1);
    Limits.atLeast("prior.heads", heads, 1);
    if (kind.equals("transformer") && width % heads != 0) {
      throw Limits.bad("prior.heads", "must divide prior.width " + width, heads);
    }
    Limits.belowOne("prior.dropout", dropout);
    Limits.oneOf("prior.masks", masks, List.of("uniform", "bernoulli", "autoregressive"));
    Limits.present("prior.training", training);
  }
}
