package io.mvq.bench;

/**
 * What is measured.
 *
 * @param operation e.g. {@code nearest_code}; the native harness uses the same names
 * @param detail sizes that have no column, e.g. {@code c 32 h 256 hidden 128}
 * @param n rows; with d and k 0 where there are none
 * @param flops of one call by the plain formula, 2 a multiply-add; 0 if not counted
 */
public record Case(String operation, String detail, long n, long d, long k, double flops) {
  /** What {@code --only} looks in: operation, detail and sizes, each with a space behind it. */
  String name() {
    return operation
        + " "
        + detail
        + (detail.isEmpty() ? "" : " ")
        + "n "
        + n
        + " d "
        + d
        + " k "
        + k
        + " ";
  }
}
