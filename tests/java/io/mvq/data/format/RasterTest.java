package io.mvq.data.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RasterTest {
  @Test
  void areasAreAveraged() {
    Raster square = new Raster(1, 2, 4, new byte[] {9, 10, 30, 9, 9, 50, 70, 9});
    assertThat(square.fitted(1).pixels()).containsExactly(40);
  }

  @Test
  void partsOfPixelsCountByTheirShare() {
    Raster three = new Raster(1, 3, 3, new byte[] {0, 60, 120, 0, 60, 120, 0, 60, 120});
    assertThat(three.fitted(2).pixels()).containsExactly(20, 100, 20, 100);
  }

  @Test
  void upscalingByAWholeFactorRepeats() {
    Raster two = new Raster(1, 2, 2, new byte[] {1, 2, 3, (byte) 255});
    assertThat(two.fitted(4).pixels())
        .containsExactly(1, 1, 2, 2, 1, 1, 2, 2, 3, 3, -1, -1, 3, 3, -1, -1);
  }

  @Test
  void constantImagesStayConstantAtEverySize() {
    byte[] white = new byte[3 * 37 * 53];
    Arrays.fill(white, (byte) 255);
    for (int side : new int[] {1, 7, 32, 36, 37, 38, 64}) {
      assertThat(new Raster(3, 37, 53, white).fitted(side).pixels())
          .hasSize(3 * side * side)
          .containsOnly((byte) 255);
    }
  }

  @Test
  void greyValuesAreNotBrightened() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, 100);
    Raster raster = Raster.of(image);
    assertThat(raster.channels()).isEqualTo(1);
    assertThat(raster.pixels()).containsExactly(100);
  }

  @Test
  void sixteenBitAndOneBitGreyFillTheRange() {
    BufferedImage deep = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(0, 0, 0, 65535);
    assertThat(Raster.of(deep).pixels()).containsExactly(-1);
    BufferedImage bits = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    bits.setRGB(1, 0, 0xffffff);
    assertThat(Raster.of(bits).withChannels(1).pixels()).containsExactly(0, -1);
  }

  @Test
  void alphaIsCompositedOnWhite() {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00123456);
    image.setRGB(1, 0, 0xff102030);
    image.setRGB(2, 0, 0x80000000);
    assertThat(Raster.of(image).pixels())
        .containsExactly(-1, 0x10, 127, -1, 0x20, 127, -1, 0x30, 127);
  }

  @Test
  void greyToColourAndBackIsExact() {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    Raster grey = new Raster(1, 16, 16, all);
    assertThat(grey.withChannels(3).withChannels(1).pixels()).isEqualTo(all);
    assertThat(new Raster(3, 1, 1, new byte[] {0, -1, 0}).withChannels(1).pixels())
        .containsExactly((byte) 150);
  }

  @Test
  void aBorderIsBlack() {
    assertThat(new Raster(1, 1, 1, new byte[] {5}).padded(1).pixels())
        .containsExactly(0, 0, 0, 0, 5, 0, 0, 0, 0);
  }
}
