package io.mvq.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Pictures;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFilesTest {
  @TempDir Path folder;

  /** Stored as 1 2 3 over 4 5 6; what an upright viewer shows, row by row (the EXIF standard). */
  @ParameterizedTest
  @CsvSource({
    "1, 2, 123456", "2, 2, 321654", "3, 2, 654321", "4, 2, 456123",
    "5, 3, 142536", "6, 3, 415263", "7, 3, 635241", "8, 3, 362514",
    "0, 2, 123456", "9, 2, 123456"
  })
  void aPngIsTurnedAsItsOrientationSays(int orientation, int height, String shown)
      throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 6; i++) {
      image.getRaster().setSample(i % 3, i / 3, 0, i + 1);
    }
    byte[] png = Pictures.encoded(image, "png");
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      Raster turned = decode(Pictures.pngWith(png, Pictures.exif(orientation, order)));
      StringBuilder values = new StringBuilder();
      for (byte value : turned.pixels()) {
        values.append(value);
      }
      assertThat(turned.height()).isEqualTo(height);
      assertThat(values).hasToString(shown);
    }
  }

  @Test
  void jpegAndWebpAreTurnedToo() throws IOException {
    byte[] exif = Pictures.exif(6, ByteOrder.LITTLE_ENDIAN);
    byte[] jpeg = Pictures.encoded(Pictures.plain(24, 8, 0xff0000), "jpeg");
    assertThat(decode(jpeg).width()).isEqualTo(24);
    assertThat(decode(Pictures.jpegWith(jpeg, exif)).height()).isEqualTo(24);
    byte[] webp = Pictures.webpWith("EXIF", exif, 8, false);
    assertThat(Exif.orientation(webp)).isEqualTo(6);
    assertThat(decode(webp).pixels()).startsWith(-1, -1, -1, -1, 0);
  }

  @Test
  void orientationThatIsCutOrNonsenseIsUpright() throws IOException {
    byte[] jpeg = Pictures.encoded(Pictures.plain(24, 8, 0xff0000), "jpeg");
    byte[] exif = Pictures.exif(6, ByteOrder.BIG_ENDIAN);
    for (int length = 0; length < 20; length++) {
      byte[] cut = Arrays.copyOf(exif, length);
      assertThat(Exif.orientation(Pictures.jpegWith(jpeg, cut))).isEqualTo(1);
    }
    exif[4] = 0x7f; // the folder beyond the end
    assertThat(Exif.orientation(Pictures.jpegWith(jpeg, exif))).isEqualTo(1);
  }

  @Test
  void aBadColourProfileIsPassedOverInWebpAsInTheOthers() throws IOException {
    byte[] red = decode(Pictures.RED_WEBP).pixels();
    byte[] good = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
    assertThat(decode(Pictures.webpWith("ICCP", good, 0x20, true)).pixels()).isEqualTo(red);
    byte[] broken = good.clone();
    Arrays.fill(broken, 36, 200, (byte) 7);
    byte[] grey = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();
    for (byte[] bad : new byte[][] {new byte[40], new byte[0], broken, grey}) {
      assertThat(decode(Pictures.webpWith("ICCP", bad, 0x20, true)).pixels()).isEqualTo(red);
    }
  }

  @Test
  void moreKindsThanThreeAreNotRead() throws IOException {
    Path gif = folder.resolve("a.png");
    ImageIO.write(Pictures.plain(2, 2, 0), "gif", gif.toFile());
    assertThatThrownBy(() -> ImageFiles.check(gif, ImageLimits.DEFAULT))
        .isInstanceOf(IOException.class)
        .hasMessage(gif + ": not a PNG, JPEG or WebP image");
  }

  @Test
  void theLimitOfPixelsIsTheCallers() throws IOException {
    Path file = Pictures.write(folder.resolve("a.png"), Pictures.plain(3, 5, 0));
    ImageLimits exact = new ImageLimits(15, Duration.ofSeconds(10));
    assertThat(ImageFiles.decode(file, exact).width()).isEqualTo(3);
    ImageLimits less = new ImageLimits(14, Duration.ofSeconds(10));
    assertThatThrownBy(() -> ImageFiles.check(file, less))
        .hasMessage(file + ": 3 x 5 pixels, must be 1 to 14 in all");
  }

  @Test
  @Timeout(20)
  void anImageThatTakesTooLongIsDamaged() {
    ImageLimits soon = new ImageLimits(5_000_000, Duration.ofMillis(50));
    InputStream endless =
        new InputStream() {
          @Override
          public int read() throws IOException {
            try {
              new CountDownLatch(1).await();
              return -1;
            } catch (InterruptedException e) {
              throw new InterruptedIOException("interrupted");
            }
          }
        };
    assertThatThrownBy(() -> ImageFiles.use("a.png", endless, soon, reader -> 1))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "a.png: damaged image: not decoded within 0.05 s; raise the deadline if it is whole");
    // Java cannot stop a loop; it is left behind.
    assertThatThrownBy(
            () ->
                Deadline.within(
                    Duration.ofMillis(50),
                    () -> {
                      for (long i = 0; !Thread.interrupted(); i++) {
                        Thread.onSpinWait();
                      }
                      return 1;
                    }))
        .hasMessage("not decoded within 0.05 s; raise the deadline if it is whole");
  }

  @Test
  @Timeout(5)
  void aWebpThatMakesItsDecoderAskForEverIsDamagedAtOnce() {
    String endless = "524946461c000000574542505650384c0f0000002f014000000710fd8ffe077fa2ff0100";
    assertThatThrownBy(() -> decode(HexFormat.of().parseHex(endless)))
        .isInstanceOf(IOException.class)
        .hasMessage("here: damaged image: asks for more than there is");
  }

  @Test
  void whatBreaksTheMachineIsAnIoException() {
    assertThatThrownBy(
            () -> Deadline.within(Duration.ofSeconds(10), () -> new byte[1 << 30][1 << 30]))
        .isInstanceOf(IOException.class)
        .hasMessage("needs more memory than there is (java -Xmx)");
    assertThatThrownBy(() -> Deadline.within(Duration.ofSeconds(10), () -> endless(0)))
        .isInstanceOf(IOException.class)
        .hasMessage("nested too deep");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 500_000_001})
  void limitsAreChecked(long pixels) {
    assertThatThrownBy(() -> new ImageLimits(pixels, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pixels must be 1 to 500,000,000, got " + pixels);
    assertThatThrownBy(() -> new ImageLimits(1, Duration.ZERO))
        .hasMessage("deadline must be above 0 and at most a day, got PT0S");
  }

  @Test
  void aFileOfGigabytesIsRefusedUnread() throws IOException {
    Path file = folder.resolve("big.png");
    try (var channel =
        Files.newByteChannel(
            file,
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.WRITE)) {
      channel.position(3L << 30).write(java.nio.ByteBuffer.wrap(new byte[1]));
    }
    assertThatThrownBy(() -> ImageFiles.decode(file, ImageLimits.DEFAULT))
        .hasMessage(file + ": 3,221,225,473 bytes, an image file must be at most 536,870,912");
  }

  private static int endless(int i) {
    return endless(i + 1) + 1;
  }

  private static Raster decode(byte[] bytes) throws IOException {
    return ImageFiles.decode("here", bytes, ImageLimits.DEFAULT);
  }
}
