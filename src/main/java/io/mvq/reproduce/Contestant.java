package io.mvq.reproduce;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A system of the comparison: what it changes in the protocol's recipe.
 *
 * @param name as tables and plots show it
 * @param fields recipe fields by name
 */
record Contestant(String name, Map<String, Object> fields) {
  static final Contestant VQ = new Contestant("VQ", Map.of("model.system", "vq"));

  /**
   * A winner for each base token: at 2 tokens the paper's one an image, at more better than that.
   */
  static final Contestant MVQ =
      new Contestant("MVQ", Map.of("model.system", "mvq", "model.winnerPerToken", true));

  /** The paper's; differs from MVQ only with several base tokens. */
  static final Contestant WINNER_AN_IMAGE =
      MVQ.with("MVQ, winner an image", Map.of("model.winnerPerToken", false));

  static final Contestant HIERARCHY =
      VQ.with("VQ-VAE-2", Map.of("model.architecture", "hierarchy"));
  static final Contestant HIERARCHY_MVQ =
      MVQ.with("VQ-VAE-2 with MVQ", Map.of("model.architecture", "hierarchy"));
  static final Contestant DIFFUSION =
      new Contestant("latent diffusion", Map.of("model.architecture", "continuous"));

  Contestant {
    fields = Map.copyOf(fields);
  }

  /** This one changed further. */
  Contestant with(String otherName, Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(fields);
    all.putAll(more);
    return new Contestant(otherName, all);
  }

  /** Other quantizers in VQ's place. */
  static List<Contestant> quantizers() {
    return List.of(
        VQ.with("Gumbel-softmax", Map.of("model.system", "gumbel")),
        VQ.with("Concrete", Map.of("model.system", "concrete")),
        VQ.with("FSQ", Map.of("model.system", "fsq")),
        VQ.with("LFQ", Map.of("model.system", "lfq")),
        VQ.with("residual VQ", Map.of("model.system", "rvq")));
  }

  /** Ways to train and to sample MVQ beyond the paper's plain form. */
  static List<Contestant> variants() {
    return List.of(
        MVQ.with("MVQ, Bernoulli mask prior", Map.of("prior.masks", "bernoulli")),
        MVQ.with("MVQ, autoregressive mask prior", Map.of("prior.masks", "autoregressive")),
        MVQ.with(
            "MVQ, annealed winners",
            Map.of("model.masks.softTop", 8, "model.masks.softTemperature", 0.1)),
        MVQ.with("MVQ, mixture head", gates(0.25)),
        MVQ.with(
            "MVQ, all masks of 8 bits", Map.of("model.maskWidth", 8, "model.masks.set", "all")));
  }

  /** The follow-up paper's gates (arXiv 2312.11735) with a mixture head. */
  private static Map<String, Object> gates(double share) {
    return Map.of(
        "model.maskWidth",
        8,
        "model.masks.set",
        "gates",
        "model.masks.gateShare",
        share,
        "model.masks.mixtureWeight",
        0.25);
  }

  /** With VQGAN's discriminator, from a fifth of the protocol's steps on. */
  Contestant judged(Protocol protocol) {
    long start = ((Number) protocol.fields().get("training.steps")).longValue() / 5;
    return with(
        name + ", discriminator",
        Map.of(
            "reconstruction.adversarial",
            0.8,
            "reconstruction.adversarialStart",
            start,
            "reconstruction.adversarialRamp",
            start));
  }

  /** With VQGAN's perceptual loss. */
  Contestant perceptual(String otherName) {
    return with(otherName, Map.of("reconstruction.perceptual", 1.0));
  }
}
