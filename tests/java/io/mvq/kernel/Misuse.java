package io.mvq.kernel;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Calls every public constructor and method of this package with sound, null, closed, negative,
 * huge and foreign arguments in every place, as a program of its own: what a crash ends is this.
 * Prints a line for every exception of a wrong type, and how many calls it made.
 */
final class Misuse {
  private static final int TRIES = 4000;

  private final Random random;
  private final MisuseValues values;
  private long calls;
  private long refused;

  private Misuse(long seed) {
    random = new Random(seed);
    values = new MisuseValues(random);
  }

  public static void main(String[] args) throws ReflectiveOperationException {
    Misuse misuse = new Misuse(Long.parseLong(args[0]));
    for (String name : args[1].split(",")) {
      Class<?> type = Class.forName(name);
      for (Constructor<?> made : type.getConstructors()) {
        misuse.tryAll(made);
      }
      for (Method method : type.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers()) && !method.getName().equals("lend")) {
          misuse.tryAll(method);
        }
      }
    }
    System.out.println("calls " + misuse.calls + " refused " + misuse.refused);
  }

  private void tryAll(Executable target) {
    Class<?> owner = target.getDeclaringClass();
    boolean needsObject = target instanceof Method m && !Modifier.isStatic(m.getModifiers());
    Type[] types = target.getGenericParameterTypes();
    int tries = types.length == 0 ? 50 : TRIES;
    for (int i = 0; i < tries; i++) {
      Object receiver = needsObject ? values.of(owner, i % 2 == 0) : null;
      if (needsObject && receiver == null) {
        return; // enums' and exceptions' own methods
      }
      // At first one argument is odd and the others are sound, then each may be.
      int odd = i < TRIES / 2 && types.length > 0 ? i % types.length : -1;
      Object[] arguments = new Object[types.length];
      for (int a = 0; a < types.length; a++) {
        arguments[a] = values.of(types[a], a != odd && (odd >= 0 || random.nextInt(4) > 0));
      }
      call(target, receiver, arguments);
    }
  }

  private void call(Executable target, Object receiver, Object[] arguments) {
    calls++;
    try {
      if (target instanceof Method method) {
        method.invoke(receiver, arguments);
      } else {
        ((Constructor<?>) target).newInstance(arguments);
      }
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IllegalArgumentException || cause instanceof KernelException) {
        refused++;
      } else {
        report(target, arguments, cause);
      }
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      report(target, arguments, e);
    }
  }

  private static void report(Executable target, Object[] arguments, Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    List<String> where = new ArrayList<>();
    Arrays.stream(trace).limit(4).forEach(line -> where.add(line.toString()));
    System.out.println("WRONG " + target + " " + cause + " at " + where);
    System.out.println("  " + Arrays.deepToString(arguments));
  }

  /** The class of a parameter, and of a list's elements. */
  static Class<?> raw(Type type) {
    return type instanceof ParameterizedType p ? (Class<?>) p.getRawType() : (Class<?>) type;
  }
}
