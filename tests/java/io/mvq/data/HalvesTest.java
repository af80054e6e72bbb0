package io.mvq.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HalvesTest {
  private static Set<Byte> seen(ImageSource half) throws IOException {
    Set<Byte> all = new TreeSet<>();
    byte[] pixel = new byte[1];
    for (int i = 0; i < half.size(); i++) {
      half.read(i, pixel);
      all.add(pixel[0]);
    }
    return all;
  }

  @Test
  void eachImageIsInOneHalfAndAlternatingClassesAreInBoth() throws IOException {
    byte[][] images = new byte[101][1];
    for (int i = 0; i < images.length; i++) {
      images[i][0] = (byte) i;
    }
    Halves halves = Halves.of(StoredImages.unlabelled(1, 1, images));
    Set<Byte> measuring = seen(halves.measuring());
    Set<Byte> looking = seen(halves.looking());
    assertThat(measuring).doesNotContainAnyElementsOf(looking);
    assertThat(measuring.size() + looking.size()).isEqualTo(101);
    assertThat(looking.size()).isBetween(50, 51);
    long even = looking.stream().filter(image -> image % 2 == 0).count();
    assertThat(even).isBetween(15L, 35L);
  }
}
