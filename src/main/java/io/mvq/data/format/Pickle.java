package io.mvq.data.format;

import io.mvq.data.format.PickleValues.Array;
import io.mvq.data.format.PickleValues.Bytes;
import io.mvq.data.format.PickleValues.ElementType;
import io.mvq.data.format.PickleValues.Global;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads a Python pickle of numbers, strings, lists, tuples, dicts and NumPy arrays, as Python's
 * pickletools describes it: protocols 2 to 5, written by Python 2 or 3.
 *
 * <p>A pickle is a program that may call anything. This reader knows only the operations of plain
 * data and the handful of names that NumPy's arrays need, builds the values itself and calls
 * nothing; all else is refused by name and offset. Long byte strings stay in the file.
 */
final class Pickle {
  private static final Object MARK = new Object();
  private static final int MOST_OPERATIONS = 20_000_000;

  private final Path file;
  private final FileBytes in;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int operations;

  private Pickle(Path file, FileBytes in) {
    this.file = file;
    this.in = in;
  }

  /**
   * The value in the file: Long, Double, Boolean, String, List (of a list or tuple), Map, {@link
   * Array}, {@link Bytes} or null.
   */
  static Object read(Path file) throws IOException {
    try (FileBytes in = new FileBytes(file)) {
      return new Pickle(file, in).run();
    }
  }

  private Object run() throws IOException {
    while (true) {
      long at = in.position();
      try {
        if (++operations > MOST_OPERATIONS) {
          throw new IOException(
              file + ": the pickle has more than " + MOST_OPERATIONS + " operations");
        }
        int operation = in.unsigned(1);
        if (operation == '.') {
          return stack.get(stack.size() - 1);
        }
        execute(operation, at);
      } catch (EOFException e) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: truncated: the pickle ends within the value at byte %,d",
                file,
                at),
            e);
      } catch (IndexOutOfBoundsException | ClassCastException | NullPointerException e) {
        throw new IOException(
            String.format(
                Locale.ROOT, "%s: damaged pickle: cannot be understood at byte %,d", file, at),
            e);
      }
    }
  }

  private void execute(int operation, long at) throws IOException {
    switch (operation) {
      case 0x80 -> requireProtocol(in.unsigned(1));
      case 0x95 -> in.skip(8); // a frame's length; frames need not be read at once
      case '(' -> push(MARK);
      case 'N' -> push(null);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push((long) in.unsigned(1));
      case 'M' -> push((long) in.unsigned(2));
      case 'J' -> push((long) (int) in.number(4));
      case 0x8a -> push(in.signed(in.unsigned(1)));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.number(8))));
      case 'X' -> push(text(in.number(4)));
      case 0x8c -> push(text(in.number(1)));
      case 0x8d -> push(text(in.number(8)));
      case 'B', 'T' -> push(bytes(in.number(4)));
      case 'C', 'U' -> push(bytes(in.number(1)));
      case 0x8e, 0x96 -> push(bytes(in.number(8)));
      case ']' -> push(new ArrayList<>());
      case '}' -> push(new HashMap<>());
      case ')' -> push(List.of());
      case 0x85 -> push(popped(1));
      case 0x86 -> push(popped(2));
      case 0x87 -> push(popped(3));
      case 't' -> push(toMark());
      case 'a' -> append(popped(1));
      case 'e' -> append(toMark());
      case 's' -> put(popped(2));
      case 'u' -> put(toMark());
      case 'q' -> memo.put(in.unsigned(1), top());
      case 'r' -> memo.put((int) in.number(4), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(recalled(in.unsigned(1)));
      case 'j' -> push(recalled((int) in.number(4)));
      case 'c' -> push(global(in.line(), in.line(), at));
      case 0x93 -> {
        List<Object> names = popped(2);
        push(global(PickleValues.string(names.get(0)), PickleValues.string(names.get(1)), at));
      }
      case 'R' -> {
        List<Object> call = popped(2);
        push(((Global) call.get(0)).made((List<?>) call.get(1)));
      }
      case 'b' -> build(pop());
      default -> throw refused(String.format(Locale.ROOT, "operation 0x%02x", operation), at);
    }
  }

  private void requireProtocol(int protocol) throws IOException {
    if (protocol < 2 || protocol > 5) {
      throw new IOException(file + ": the pickle's protocol must be 2 to 5, got " + protocol);
    }
  }

  private Global global(String module, String name, long at) throws IOException {
    Global global = Global.of(module, name);
    if (global == null) {
      throw refused(Printable.of(module + "." + name), at);
    }
    return global;
  }

  private IOException refused(String what, long at) {
    return new IOException(
        String.format(
            Locale.ROOT,
            "%s: refused: the pickle asks for %s at byte %,d; only plain data and NumPy arrays are"
                + " read, and nothing was run",
            file,
            what,
            at));
  }

  private void build(Object state) {
    if (top() instanceof Array array) {
      array.build((List<?>) state);
    } else {
      ((ElementType) top()).build((List<?>) state);
    }
  }

  private Object text(long length) throws IOException {
    Bytes bytes = in.bytes(length, true);
    return bytes.content() == null ? bytes : new String(bytes.content(), StandardCharsets.UTF_8);
  }

  private Bytes bytes(long length) throws IOException {
    return in.bytes(length, false);
  }

  private Object recalled(int key) {
    if (!memo.containsKey(key)) {
      throw new IndexOutOfBoundsException(key);
    }
    return memo.get(key);
  }

  @SuppressWarnings("unchecked") // what the pickle's list holds is checked where it is used
  private void append(List<Object> items) {
    ((ArrayList<Object>) top()).addAll(items);
  }

  @SuppressWarnings("unchecked") // as above
  private void put(List<Object> items) {
    Map<Object, Object> map = (HashMap<Object, Object>) top();
    for (int i = 0; i < items.size(); i += 2) {
      // Python 2's strings are bytes.
      map.put(PickleValues.string(items.get(i)), items.get(i + 1));
    }
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object pop() {
    return stack.remove(stack.size() - 1);
  }

  private Object top() {
    return stack.get(stack.size() - 1);
  }

  private List<Object> popped(int count) {
    List<Object> tail = stack.subList(stack.size() - count, stack.size());
    List<Object> items = new ArrayList<>(tail);
    tail.clear();
    return items;
  }

  private List<Object> toMark() {
    List<Object> items = popped(stack.size() - 1 - stack.lastIndexOf(MARK));
    if (pop() != MARK) {
      throw new IndexOutOfBoundsException("no mark");
    }
    return items;
  }
}
