package io.mvq.export.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.mvq.autoencoder.Autoencoder;
import io.mvq.autoencoder.ContinuousAutoencoder;
import io.mvq.autoencoder.TokenAutoencoder;
import io.mvq.kernel.MaskBits;
import io.mvq.quantize.Encoding;
import io.mvq.recipe.Recipe;
import io.mvq.run.Run;
import io.mvq.tensor.Parameters;
import io.mvq.tensor.Shapes;
import io.mvq.tensor.Tensors;
import io.mvq.tensor.Views;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ONNX Runtime makes of the graphs, against the models themselves. */
class OnnxModelTest {
  private static final int IMAGES = 24;
  private static final double TOLERANCE = 1e-5;

  private static Recipe recipe(String flags) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("side", "32");
    all.put("width", "16");
    all.put("code-width", "8");
    String[] words = flags.split(" ");
    for (int i = 0; i < words.length; i += 2) {
      all.put(words[i], words[i + 1]);
    }
    return Recipe.ofApplicable(all);
  }

  private static Tensor images(Recipe recipe) {
    int side = recipe.data().side();
    return torch
        .rand(IMAGES, recipe.data().channels(), side, side)
        .mul(Tensors.of(new float[] {2}, 1))
        .sub(Tensors.of(new float[] {1}, 1));
  }

  /** A model whose weights are far from their first values, norms too. */
  private static Autoencoder model(Recipe recipe, Tensor images) {
    torch.manual_seed(7);
    Autoencoder model = Run.autoencoder(recipe);
    try (NoGradGuard guard = new NoGradGuard()) {
      Parameters.trained(model)
          .forEach(
              (name, weight) ->
                  weight.add_(torch.randn_like(weight).mul(Tensors.of(new float[] {.03f}, 1))));
    }
    model.initialize(images);
    model.eval();
    return model;
  }

  private static OnnxModel onnx(Recipe recipe, Module model) {
    return new OnnxModel(recipe, Parameters.all(model), Map.of("identity", "0123"));
  }

  /** Runs a graph. @param inputs float32, int64 or uint8 by name */
  private static Map<String, Tensor> run(byte[] graph, Map<String, Tensor> inputs)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    for (var input : inputs.entrySet()) {
      given.put(input.getKey(), given(environment, input.getValue()));
    }
    Map<String, Tensor> made = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(graph, options);
          OrtSession.Result result = session.run(given)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          made.put(output.getKey(), tensor((OnnxTensor) output.getValue()));
        }
      }
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
    return made;
  }

  private static OnnxTensor given(OrtEnvironment environment, Tensor tensor) throws OrtException {
    long[] shape = Shapes.of(tensor);
    return switch (tensor.scalar_type().intern()) {
      case Long ->
          OnnxTensor.createTensor(environment, LongBuffer.wrap(Tensors.longs(tensor)), shape);
      case Byte ->
          OnnxTensor.createTensor(
              environment,
              ByteBuffer.wrap(Tensors.bytes(tensor)),
              shape,
              ai.onnxruntime.OnnxJavaType.UINT8);
      default ->
          OnnxTensor.createTensor(environment, FloatBuffer.wrap(Tensors.floats(tensor)), shape);
    };
  }

  private static Tensor tensor(OnnxTensor value) {
    long[] shape = value.getInfo().getShape();
    return switch (value.getInfo().type) {
      case INT64 -> {
        long[] values = new long[value.getLongBuffer().remaining()];
        value.getLongBuffer().get(values);
        yield Tensors.of(values, shape);
      }
      case UINT8 -> {
        byte[] values = new byte[value.getByteBuffer().remaining()];
        value.getByteBuffer().get(values);
        yield Tensors.of(values, shape);
      }
      default -> {
        float[] values = new float[value.getFloatBuffer().remaining()];
        value.getFloatBuffer().get(values);
        yield Tensors.of(values, shape);
      }
    };
  }

  private static double apart(Tensor one, Tensor other) {
    assertThat(Shapes.of(one)).isEqualTo(Shapes.of(other));
    return Tensors.scalar(one.sub(other).abs().max());
  }

  /** (n, winners, C) as code files have them. */
  private static Tensor bytes(MaskBits masks, long winners) {
    return Views.unpack(masks).reshape(-1, winners, masks.bits()).to(ScalarType.Byte);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "system mvq codes 6 mask-width 8 hypotheses 16",
        "system mvq codes 6 mask-width 70 hypotheses 33 base-tokens 3 secondary-tokens 2"
            + " winner-per-token true dropout 0.3",
        "system mvq codes 6 mask-width 5 masks gates head-hidden 16,12 cosine true",
        "system mvq codes 6 mask-width 4 masks all mixture-weight 0.25 channels 1",
        "system vq codes 5 base-tokens 2 secondary-tokens 1 codebook-width 4",
        "system vq codes 5 base-tokens 1 secondary-tokens 0 side 64",
        "system vq codes 5 grid 4 cosine true",
        "system rvq codes 4 hypotheses 16 residual-stages 2",
        "system rvq codes 4 hypotheses 9 residual-stages 1 grid 2",
        "system gumbel codes 6",
        "system concrete codes 6 grid 8",
        "system fsq levels 8,5,3",
        "system fsq levels 4,3 grid 4 width 20",
        "system lfq codes 32",
        "side 96 system mvq codes 6 mask-width 8 hypotheses 16",
        "side 96 system vq codes 5 grid 6",
        "side 160 architecture hierarchy system vq codes 6",
        "architecture hierarchy system mvq codes 6 mask-width 8 hypotheses 16 bottom-tokens 2",
        "architecture hierarchy system vq codes 6 grid 8",
        "architecture hierarchy system lfq codes 8 grid 4 side 64"
      })
  void onnxRuntimeMakesTheModelsTokensMasksAndImages(String flags) throws OrtException {
    Recipe recipe = recipe(flags);
    Tensor images = images(recipe);
    TokenAutoencoder model = (TokenAutoencoder) model(recipe, images);
    OnnxModel onnx = onnx(recipe, model);
    byte[] encoder = onnx.encoder();
    byte[] decoder = onnx.decoder();
    long winners = model.winners();
    for (int i = 0; i < IMAGES; i++) { // one by one: a batch's convolutions may round otherwise
      Tensor image = images.narrow(0, i, 1);
      Encoding wanted = model.encode(image);
      Map<String, Tensor> found = run(encoder, Map.of("images", image));
      assertThat(Tensors.longs(found.get("tokens"))).isEqualTo(Tensors.longs(wanted.tokens()));
      if (winners > 0) {
        assertThat(Tensors.bytes(found.get("masks")))
            .isEqualTo(Tensors.bytes(bytes(wanted.masks(), winners)));
      }
      Map<String, Tensor> codes = new LinkedHashMap<>(found);
      Tensor made = run(decoder, codes).get("images");
      assertThat(apart(made, model.decode(wanted.tokens(), wanted.masks()))).isLessThan(TOLERANCE);
    }
    Map<String, Tensor> all = run(encoder, Map.of("images", images));
    assertThat(all.get("tokens").size(0)).isEqualTo(IMAGES);
    MaskBits random = model.randomMasks(IMAGES, 3);
    Map<String, Tensor> codes = new LinkedHashMap<>();
    codes.put("tokens", all.get("tokens"));
    if (winners > 0) {
      codes.put("masks", bytes(random, winners));
    }
    Tensor made = run(decoder, codes).get("images");
    assertThat(apart(made, model.decode(all.get("tokens"), random))).isLessThan(TOLERANCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "system vq noise bits noise-width 6 codes 5",
        "system vq noise gaussian noise-width 3 codes 5"
      })
  void noiseBesideTokensIsDecodedFromItsBits(String flags) throws OrtException {
    Recipe recipe = recipe(flags);
    Tensor images = images(recipe);
    TokenAutoencoder model = (TokenAutoencoder) model(recipe, images);
    OnnxModel onnx = onnx(recipe, model);
    Encoding wanted = model.encode(images);
    Map<String, Tensor> found = run(onnx.encoder(), Map.of("images", images));
    assertThat(found).containsOnlyKeys("tokens");
    assertThat(Tensors.longs(found.get("tokens"))).isEqualTo(Tensors.longs(wanted.tokens()));
    Map<String, Tensor> codes =
        Map.of("tokens", wanted.tokens(), "masks", bytes(wanted.masks(), 1));
    assertThat(
            apart(
                run(onnx.decoder(), codes).get("images"),
                model.decode(wanted.tokens(), wanted.masks())))
        .isLessThan(TOLERANCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"architecture continuous latents 3", "architecture continuous grid 4"})
  void latentsGoBothWays(String flags) throws OrtException {
    Recipe recipe = recipe(flags);
    Tensor images = images(recipe);
    ContinuousAutoencoder model = (ContinuousAutoencoder) model(recipe, images);
    OnnxModel onnx = onnx(recipe, model);
    Tensor wanted = model.encode(images);
    Tensor latents = run(onnx.encoder(), Map.of("images", images)).get("latents");
    assertThat(apart(latents, wanted)).isLessThan(TOLERANCE);
    assertThat(
            apart(
                run(onnx.decoder(), Map.of("latents", wanted)).get("images"), model.decode(wanted)))
        .isLessThan(TOLERANCE);
  }

  @Test
  void weightsOfAnotherRecipeAreNamed() {
    Recipe small = recipe("system vq codes 5");
    Autoencoder model = model(small, images(small));
    OnnxModel wrong = onnx(recipe("system vq codes 5 grid 4"), model);
    assertThatThrownBy(wrong::decoder)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the model has no weights named bottleneck.each.quantizer.codebook.codes");
  }
}
