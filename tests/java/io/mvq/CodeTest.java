package io.mvq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mvq.run.Identity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CodeTest {
  private static final Identity MODEL = new Identity("0123456789abcdef");
  private static final Code CODE =
      new Code(MODEL, new int[] {3, 300}, 66, new long[] {1, 2, -1L, 3});

  private static Code plain(int... tokens) {
    return new Code(MODEL, tokens, 0, new long[0]);
  }

  @Test
  void itsBytesAreThoseThatAreDocumented() {
    assertThat(HexFormat.of().formatHex(CODE.toBytes()))
        .isEqualTo(
            "4d5643" // MVC
                + "01"
                + "0123456789abcdef"
                + "02" // tokens
                + "03"
                + "ac02" // 300
                + "42" // bits
                + "02" // masks
                + "010000000000000002"
                + "ffffffffffffffff03"
                + CRC);
    assertThat(HexFormat.of().formatHex(plain(0).toBytes()))
        .isEqualTo("4d56430101234567" + "89abcdef0100" + "0000" + PLAIN_CRC);
  }

  // Of all before, by Python's zlib.crc32.
  private static final String CRC = "33ce7ddb";
  private static final String PLAIN_CRC = "f57e62cd";

  @Test
  void itsJsonHasATextOfBitsAMask() {
    String json = new Code(MODEL, new int[] {3, 7}, 4, new long[] {6}).toJson();
    assertThat(json)
        .isEqualTo(
            "{\"format\":1,\"model\":\"0123456789abcdef\",\"tokens\":[3,7],\"masks\":[\"0110\"]}");
    assertThat(plain(3).toJson()).endsWith("\"tokens\":[3],\"masks\":[]}");
  }

  @Property(tries = 300)
  void bothFormsAreReadBackAsTheyWere(
      @ForAll long seed, @ForAll @IntRange(max = 200) int width, @ForAll @IntRange(max = 5) int n) {
    Code code = random(seed, width, n);
    assertThat(Code.ofBytes(code.toBytes())).isEqualTo(code).hasSameHashCodeAs(code);
    assertThat(Code.ofJson(code.toJson())).isEqualTo(code);
    assertThat(Code.ofBytes(code.toBytes()).toBytes()).isEqualTo(code.toBytes());
  }

  private static Code random(long seed, int width, int more) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] tokens = random.ints(1 + more, 0, Integer.MAX_VALUE).map(i -> i >> i % 31).toArray();
    long[] words = random.longs(width == 0 ? 0 : (long) (1 + more) * Code.words(width)).toArray();
    for (int end = Code.words(width); width % 64 > 0 && end <= words.length; ) {
      words[end - 1] &= -1L >>> (64 - width % 64);
      end += Code.words(width);
    }
    return new Code(new Identity("%016x".formatted(random.nextLong())), tokens, width, words);
  }

  @Test
  void hostileBytesAreReadOrRefusedInWords() {
    SplittableRandom random = new SplittableRandom(3);
    int refused = 0;
    for (int run = 0; run < 20_000; run++) {
      byte[] bytes = (run % 2 == 0 ? CODE : plain(1, 2, 3)).toBytes();
      for (int change = random.nextInt(4); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      if (run % 3 == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 3));
      }
      if (run % 5 > 0) {
        seal(bytes); // else the CRC keeps all of them from what follows it
      }
      try {
        byte[] again = Code.ofBytes(bytes).toBytes();
        assertThat(again).isEqualTo(bytes); // equal codes have equal bytes
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
        refused++;
      }
    }
    assertThat(refused).isBetween(5_000, 19_990);
  }

  private static void seal(byte[] bytes) {
    if (bytes.length >= 4) {
      CRC32 crc = new CRC32();
      crc.update(bytes, 0, bytes.length - 4);
      ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue());
    }
  }

  @Test
  void whatIsNoCodeIsSaid() {
    refused(new byte[0], "they do not begin with MVC, a version and a model's identity");
    refused(
        "%PDF-1.4 and all that follows".getBytes(StandardCharsets.US_ASCII),
        "they do not begin with MVC");
    refused(changed(3, 2), "they have version 2, this mvq reads 1");
    byte[] flipped = CODE.toBytes();
    flipped[13] ^= 1;
    refused(flipped, "they are damaged: their CRC-32 is another");
    refused(changed(12, 100), "the number of tokens must be at most");
    refused(changed(17, 127), "they end within the masks");
    refused(changed(17, 1), "9 bytes more than a code has");
    refused(changed(12, 1), "they end within the masks");
    refused(changed(15, 0), "token 1 is no varint of 0 to 2147483647 in as few bytes as can be");
    assertThatThrownBy(() -> Code.ofBytes(changed(26, 7)))
        .hasMessage("mask 0 must have no bits from 66 on");
  }

  private static byte[] changed(int at, int value) {
    byte[] bytes = CODE.toBytes();
    bytes[at] = (byte) value;
    seal(bytes);
    return bytes;
  }

  private static void refused(byte[] bytes, String why) {
    assertThatThrownBy(() -> Code.ofBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("these bytes are no code: " + why);
  }

  @Test
  void jsonThatIsNoCodeIsRefusedByItsField() {
    String head = "{\"format\":1,\"model\":\"0123456789abcdef\",";
    for (String[] one :
        new String[][] {
          {"", "it must be a JSON object"},
          {"{", "not JSON: Unexpected end-of-input"},
          {"[".repeat(100_000), "not JSON: "},
          {head + "\"tokens\":[1],\"masks\":[]} x", "not JSON: "},
          {head + "\"tokens\":[1],\"tokens\":[2],\"masks\":[]}", "not JSON: Duplicate field"},
          {head + "\"tokens\":[1],\"masks\":[],\"more\":1}", "it has an unknown field more"},
          {"{\"format\":2}", "format must be 1, got 2"},
          {"{\"format\":1,\"model\":5}", "model must be a text"},
          {
            "{\"format\":1,\"model\":\"x\",\"tokens\":[1],\"masks\":[]}",
            "a model's identity must be"
          },
          {head + "\"masks\":[]}", "tokens must be a list"},
          {head + "\"tokens\":[1]}", "masks must be a list"},
          {head + "\"tokens\":[],\"masks\":[]}", "tokens must be 1 to 65536, got 0"},
          {head + "\"tokens\":[1.5],\"masks\":[]}", "token 0 must be a whole number"},
          {head + "\"tokens\":[-1],\"masks\":[]}", "token 0 must be at least 0, got -1"},
          {head + "\"tokens\":[3000000000],\"masks\":[]}", "token 0 must be a whole number"},
          {head + "\"tokens\":[1],\"masks\":[\"01\",\"0\"]}", "mask 1 must have 2 bits, got 1"},
          {head + "\"tokens\":[1],\"masks\":[\"02\"]}", "mask 0 must be a text of 0 and 1"},
          {head + "\"tokens\":[1],\"masks\":[\"\"]}", "mask 0 must be a text of 0 and 1"},
          {
            head + "\"tokens\":[1],\"masks\":[\"" + "1".repeat(70_000) + "\"]}",
            "mask 0 must have 65536 bits, got 70000"
          }
        }) {
      assertThatThrownBy(() -> Code.ofJson(one[0]))
          .as(one[0].substring(0, Math.min(90, one[0].length())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("this JSON is no code: " + one[1]);
    }
  }

  @Test
  void itCannotBeChangedNorMadeOfWhatIsNone() {
    int[] tokens = {1};
    long[] words = {5};
    Code code = new Code(MODEL, tokens, 3, words);
    tokens[0] = 2;
    words[0] = 0;
    code.tokens()[0] = 7;
    code.maskWords()[0] = 7;
    code.mask(0).clear();
    assertThat(code.tokens()).containsExactly(1);
    assertThat(code.mask(0)).isEqualTo(BitSet.valueOf(new long[] {5}));
    assertThat(code).isNotEqualTo(new Code(MODEL, new int[] {1}, 3, new long[] {4}));
    assertThat(plain(1)).isNotEqualTo(plain(2)).isNotEqualTo(code).hasToString(plain(1).toJson());
    for (var bad :
        List.of(
            made(null, 0),
            made(new int[0], 0),
            made(new int[] {-1}, 0),
            made(new int[1], -1),
            made(new int[1], 0, 1),
            made(new int[1], 65),
            made(new int[1], 65, 1),
            made(new int[1], 3, 8),
            made(new int[1], 65, 0, 2),
            made(new int[65537], 0))) {
      assertThatThrownBy(bad::run).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> code.mask(1))
        .hasMessage("winner must be 0 to below 1, the number of masks, got 1");
    assertThatThrownBy(() -> Code.ofBytes(null)).hasMessage("bytes must be given, got null");
    assertThatThrownBy(() -> Code.ofJson(null)).hasMessage("json must be given, got null");
  }

  private static Runnable made(int[] tokens, int width, long... words) {
    return () -> new Code(MODEL, tokens, width, words);
  }
}
