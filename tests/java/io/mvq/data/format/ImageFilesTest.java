package io.mvq.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.data.Pictures;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
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

  private static BufferedImage fewColours() {
    BufferedImage image = Pictures.plain(20, 12, 0x102030);
    for (int i = 0; i < 20; i++) {
      image.setRGB(i, i % 12, i * 0x0a0501);
    }
    return image;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gif", "bmp", "tiff"})
  void gifBmpAndTiffGiveThePixelsOfPng(String format) throws IOException {
    BufferedImage image = fewColours();
    Path file = folder.resolve("a." + format);
    Files.write(file, Pictures.encoded(image, format));
    assertThat(ImageFiles.isImage(file)).isTrue();
    ImageFiles.check(file, ImageLimits.DEFAULT);
    Raster read = ImageFiles.decode(file, ImageLimits.DEFAULT);
    assertThat(read.pixels()).isEqualTo(decode(Pictures.encoded(image, "png")).pixels());
    BufferedImage grey = new BufferedImage(5, 12, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(2, 1, 0, 200);
    assertThat(decode(Pictures.encoded(grey, format)).withChannels(1).pixels()[7])
        .isEqualTo((byte) 200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gif", "bmp", "tiff"})
  void whatIsCutShortIsDamaged(String format) throws IOException {
    byte[] whole = Pictures.encoded(Pictures.noise(), format);
    for (double share : new double[] {.2, .5, .9}) {
      byte[] cut = Arrays.copyOf(whole, (int) (share * whole.length));
      assertThatThrownBy(() -> decode(cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void ofAnAnimationTheFirstPictureIsReadAndTransparencyIsWhite() throws IOException {
    BufferedImage clear = new BufferedImage(4, 12, BufferedImage.TYPE_INT_ARGB);
    clear.setRGB(1, 1, 0xff00ff00);
    Raster read = decode(Pictures.encoded(clear, "gif"));
    assertThat(read.pixels()[0]).isEqualTo((byte) 255);
    assertThat(read.pixels()[5]).isZero();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (int rgb : new int[] {0xff0000, 0x0000ff}) {
        writer.writeToSequence(new IIOImage(Pictures.plain(3, 3, rgb), null, null), null);
      }
      writer.endWriteSequence();
    }
    assertThat(decode(bytes.toByteArray()).pixels()).startsWith(-1, -1, -1).endsWith(0, 0, 0);
  }

  @Test
  void aTiffIsTurnedAsItsOrientationSays() throws IOException {
    byte[] tiff = Pictures.encoded(Pictures.plain(24, 8, 0xff0000), "tiff");
    assertThat(decode(tiff).width()).isEqualTo(24);
    assertThat(decode(turned(tiff)).width()).isEqualTo(8);
  }

  /** With the tag of orientation 6 in its place among the others. */
  private static byte[] turned(byte[] tiff) {
    ByteBuffer bytes = ByteBuffer.wrap(tiff.clone());
    bytes.order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int folderAt = bytes.getInt(4);
    int entries = bytes.getShort(folderAt);
    ByteBuffer out = ByteBuffer.allocate(tiff.length + 2 + 12 * (entries + 1) + 4);
    out.order(bytes.order()).put(bytes.array());
    int at = tiff.length;
    out.putInt(4, at).putShort(at, (short) (entries + 1));
    at += 2;
    boolean placed = false;
    for (int i = 0; i < entries; i++) {
      int from = folderAt + 2 + 12 * i;
      if (!placed && (bytes.getShort(from) & 0xffff) > 0x0112) {
        out.putShort(at, (short) 0x0112).putShort(at + 2, (short) 3).putInt(at + 4, 1);
        out.putShort(at + 8, (short) 6);
        at += 12;
        placed = true;
      }
      out.put(at, bytes.array(), from, 12);
      at += 12;
    }
    return out.array();
  }

  @Test
  void otherKindsAreNotRead() throws IOException {
    Path other = folder.resolve("a.png");
    BufferedImage bits = new BufferedImage(9, 9, BufferedImage.TYPE_BYTE_BINARY);
    Files.write(other, Pictures.encoded(bits, "wbmp"));
    assertThatThrownBy(() -> ImageFiles.check(other, ImageLimits.DEFAULT))
        .isInstanceOf(IOException.class)
        .hasMessage(other + ": not a PNG, JPEG, WebP, GIF, BMP or TIFF image");
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
