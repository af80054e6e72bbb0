package io.mvq.train;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file: records of {length, masked crc32c, Event, masked crc32c}, with the few
 * fields of event.proto and summary.proto that are used here encoded by hand.
 */
final class EventFile implements Closeable {
  private final OutputStream out;

  /** Begins a new file; TensorBoard drops what earlier files say of steps after this one. */
  EventFile(Path folder, long resumedStep) throws IOException {
    double now = now();
    Path file = folder.resolve("events.out.tfevents." + Math.round(now * 1000) + ".mvq");
    out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
    record(new Proto().real(1, now).text(3, "brain.Event:2"));
    if (resumedStep > 0) {
      Proto start = new Proto().whole(1, 1);
      record(new Proto().real(1, now).whole(2, resumedStep + 1).nested(7, start));
    }
  }

  void scalar(long step, String tag, double value) throws IOException {
    summary(step, new Proto().text(1, tag).single(2, (float) value));
  }

  void png(long step, String tag, int height, int width, byte[] png) throws IOException {
    Proto image = new Proto().whole(1, height).whole(2, width).whole(3, 3).bytes(4, png);
    summary(step, new Proto().text(1, tag).nested(4, image));
  }

  private void summary(long step, Proto value) throws IOException {
    Proto event = new Proto().real(1, now()).whole(2, step);
    record(event.nested(5, new Proto().nested(1, value)));
  }

  private void record(Proto event) throws IOException {
    byte[] data = event.out.toByteArray();
    ByteBuffer frame = ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(data.length);
    frame.putInt(checksum(frame.array(), 8));
    frame.put(data).putInt(checksum(data, data.length));
    out.write(frame.array());
  }

  /** A CRC of data that holds CRCs is weak, so the format rotates and shifts it. */
  static int checksum(byte[] data, int length) {
    CRC32C crc = new CRC32C();
    crc.update(data, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  private static double now() {
    return System.currentTimeMillis() / 1e3;
  }

  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** A protocol buffer message under construction; the first argument is the field's number. */
  private static final class Proto {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Proto whole(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Proto real(int field, double value) {
      varint((field << 3) | 1);
      return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
    }

    Proto single(int field, float value) {
      varint((field << 3) | 5);
      return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    }

    Proto bytes(int field, byte[] value) {
      varint((field << 3) | 2);
      varint(value.length);
      return raw(value);
    }

    Proto text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Proto nested(int field, Proto value) {
      return bytes(field, value.out.toByteArray());
    }

    private Proto raw(byte[] bytes) {
      out.writeBytes(bytes);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
