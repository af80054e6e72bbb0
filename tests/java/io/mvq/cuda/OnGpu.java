package io.mvq.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mvq.tensor.Devices;
import io.mvq.tensor.Tensors;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/**
 * What the tests that need a GPU share; without one they are skipped, and the reason is printed.
 */
@Tag("cuda")
abstract class OnGpu {
  @BeforeAll
  static void aGpuIsThere() {
    String refusal = Devices.refusal();
    if (refusal != null) {
      System.out.println("tests on a GPU skipped: " + refusal);
    }
    assumeTrue(refusal == null, refusal);
  }

  static Device gpu() {
    return Devices.named("cuda");
  }

  static Tensor gpu(Tensor tensor) {
    return Devices.to(tensor, gpu());
  }

  /** Small integers as floats: sums are exact and ties many. */
  static Tensor integers(long... shape) {
    return torch.randint(9, shape, Tensors.options(ScalarType.Float)).sub(scalar(4));
  }

  static Scalar scalar(double value) {
    return new Scalar(value);
  }

  /** Results to be: a value in each place that a kernel must overwrite. */
  static Tensor longs(Device device, long... shape) {
    return Devices.to(torch.full(shape, scalar(-7)).to(ScalarType.Long), device);
  }

  static Tensor floats(Device device, long... shape) {
    return Devices.to(torch.full(shape, scalar(-7)), device);
  }
}
