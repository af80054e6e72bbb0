package io.mvq.look;

import io.mvq.metric.LabelledImages;
import io.mvq.tensor.Devices;
import io.mvq.tensor.Shapes;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** What a small look is trained to tell, from the averages of its last map. */
public enum Lesson {
  /** The images' classes. */
  LABELS {
    @Override
    int answers(int classes) {
      return classes;
    }

    @Override
    Question ask(LabelledImages batch) {
      boolean mirrored = torch.rand(1).item_float() < 0.5f;
      Tensor images = mirrored ? torch.flip(batch.images(), 3) : batch.images();
      return new Question(images, batch.labels());
    }
  },
  /** By how many quarters an image was turned (arXiv 1803.07728): needs no labels. */
  ROTATIONS {
    @Override
    int answers(int classes) {
      return 4;
    }

    @Override
    Question ask(LabelledImages batch) {
      TensorVector turned = new TensorVector();
      TensorVector quarters = new TensorVector();
      long n = batch.images().size(0);
      for (int turns = 0; turns < 4; turns++) {
        long from = turns * n / 4;
        Tensor part = batch.images().narrow(0, from, (turns + 1) * n / 4 - from);
        turned.push_back(torch.rot90(part, turns, new long[] {2, 3}));
        quarters.push_back(torch.full(new long[] {part.size(0)}, new Scalar((long) turns)));
      }
      Tensor answers = torch.cat(quarters, 0).to(torch.ScalarType.Long);
      return new Question(torch.cat(turned, 0), Devices.like(answers, batch.images()));
    }
  },
  /** Which of a batch's images was cut twice from the same one (arXiv 2002.05709): no labels. */
  INSTANCES {
    private static final int EMBEDDING = 64;
    private static final double TEMPERATURE = 0.2;

    @Override
    int answers(int classes) {
      return EMBEDDING;
    }

    @Override
    Question ask(LabelledImages batch) {
      Tensor images = batch.images();
      return new Question(torch.cat(new TensorVector(cut(images), cut(images)), 0), null);
    }

    @Override
    Tensor loss(Tensor told, Question question) {
      Tensor unit = torch.normalize(told);
      long n = unit.size(0) / 2;
      Tensor alike = unit.matmul(unit.t()).div(new Scalar(TEMPERATURE));
      Tensor itself = Devices.like(torch.eye(2 * n), alike).mul(new Scalar(1e4));
      Tensor order = torch.arange(new Scalar(2 * n)).to(torch.ScalarType.Long);
      Tensor partner = order.add(new Scalar(n)).remainder(new Scalar(2 * n));
      return torch.cross_entropy_loss(alike.sub(itself), Devices.like(partner, alike));
    }
  };

  /** Images to look at and the classes to tell, int64 (n); null where the images are the answer. */
  record Question(Tensor images, Tensor answers) {}

  /** Floats that the network must tell. @param classes of the data set */
  abstract int answers(int classes);

  /** A batch as a question, drawn with LibTorch's generator. */
  abstract Question ask(LabelledImages batch);

  /** A scalar. @param told (images, answers) */
  Tensor loss(Tensor told, Question question) {
    return torch.cross_entropy_loss(told, question.answers());
  }

  /** Each image moved, enlarged, mirrored or not, brightened, at random. */
  private static Tensor cut(Tensor images) {
    long n = images.size(0);
    Tensor zoom = torch.rand(n).mul(new Scalar(0.4)).add(new Scalar(0.6));
    Tensor mirror = torch.rand(n).sub(new Scalar(0.5)).sign();
    Tensor room = zoom.neg().add(new Scalar(1.2));
    Tensor none = torch.zeros(n);
    Tensor right = torch.rand(n).mul(new Scalar(2)).sub(new Scalar(1)).mul(room);
    Tensor down = torch.rand(n).mul(new Scalar(2)).sub(new Scalar(1)).mul(room);
    Tensor x = torch.stack(new TensorVector(zoom.mul(mirror), none, right), 1);
    Tensor y = torch.stack(new TensorVector(none, zoom, down), 1);
    Tensor places = torch.stack(new TensorVector(x, y), 1);
    Tensor grid = torch.affine_grid_generator(places, Shapes.of(images), false);
    Tensor moved = torch.grid_sampler(images, grid, 0, 1, false);
    Tensor bright = torch.rand(n, 1, 1, 1).mul(new Scalar(0.8)).add(new Scalar(0.6));
    return moved.add(new Scalar(1)).mul(bright).sub(new Scalar(1));
  }
}
