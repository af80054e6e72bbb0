package io.mvq.recipe;

import io.mvq.setting.Flag;
import io.mvq.setting.Limits;
import java.util.List;

/**
 * Which images.
 *
 * @param images a data set's name or a folder, as {@code io.mvq.data} understands it
 * @param side height and width in pixels, a multiple of 32 up to 512
 * @param channels 1 (grey) or 3 (RGB)
 * @param flip whether half of the training images are mirrored
 */
public record Data(
    @Flag(
            name = "data",
            value = "emoji",
            label = "SET",
            help =
                "images: emoji, clothes, emoji-vendors, photos, fashion-mnist, idx:DIR,"
                    + " cifar10:DIR, imagenet64:DIR, npz:FILE, tar:FILE, parquet:FILE or a folder")
        String images,
    @Flag(
            name = "side",
            value = "64",
            label = "PIXELS",
            help = "height and width, a multiple of 32 up to 512")
        int side,
    @Flag(name = "channels", value = "3", label = "1|3", help = "1 for grey, 3 for RGB")
        int channels,
    @Flag(name = "flip", value = "false", help = "mirror half of the training images")
        boolean flip) {
  public Data {
    Limits.present("data", images);
    if (side < 32 || side > 512 || side % 32 != 0) {
      throw Limits.bad("side", "must be a multiple of 32 in 32..512", side);
    }
    Limits.oneOf("channels", channels, List.of(1, 3));
  }
}
