package io.mvq.recipe;

import io.mvq.prior.TokenMap;
import io.mvq.prior.TokenPrior;
import io.mvq.prior.TokenTransformer;
import io.mvq.setting.Flag;
import io.mvq.setting.Kind;
import io.mvq.setting.Limits;
import io.mvq.setting.Part;
import io.mvq.train.Training;

/**
 * A Transformer over the tokens, one after the other (arXiv 1706.03762).
 *
 * @param width floats a position
 * @param layers its blocks
 * @param heads attention heads; must divide the width
 * @param dropout share of activations dropped while training
 * @param conditional whether it learns the images' classes too
 * @param classDropout share of the examples whose class is hidden while training, so that what has
 *     no class is learned too, which guidance needs; 0 for none
 * @param masks where masks of new images come from
 * @param training its own
 */
@Kind(value = "transformer", help = "a Transformer, token after token")
public record TransformerPrior(
    @Flag(
            name = "prior-width",
            value = "256",
            label = "FLOATS",
            help = "floats a position of the prior")
        int width,
    @Flag(name = "prior-layers", value = "4", help = "its layers") int layers,
    @Flag(name = "prior-heads", value = "4", help = "attention heads, which divide the width")
        int heads,
    @Flag(name = "prior-dropout", value = "0.1", label = "P", help = "its dropout while training")
        double dropout,
    @Flag(name = "prior-conditional", value = "false", help = "teach it the images' classes")
        boolean conditional,
    @Flag(
            name = "prior-class-dropout",
            value = "0.1",
            label = "P",
            help = "share of the examples that learn without their class; --guidance needs some")
        double classDropout,
    @Flag(name = "mask-prior", value = "uniform", help = "where masks of new images come from")
        MaskPriorKind masks,
    @Part(
            heading = "Training of the prior",
            prefix = "prior-",
            defaults = {"steps=5000", "learning-rate=5.0E-4", "weight-decay=0.01", "beta2=0.95"})
        Training training)
    implements Prior {
  public TransformerPrior {
    Limits.atLeast("prior-width", width, 1);
    Limits.atLeast("prior-layers", layers, 1);
    Limits.atLeast("prior-heads", heads, 1);
    if (width % heads != 0) {
      throw Limits.bad("prior-heads", "must divide prior-width " + width, heads);
    }
    Limits.belowOne("prior-dropout", dropout);
    Limits.belowOne("prior-class-dropout", classDropout);
    Limits.present("mask-prior", masks);
    Limits.present("prior training", training);
  }

  @Override
  public TokenPrior prior(TokenMap map, int classes) {
    return new TokenTransformer(
        map, conditional ? classes : 0, width, layers, heads, dropout, classDropout);
  }
}
