// A test is TEST(aSentence) { CHECK(...); }; main runs them all, or those whose name holds the first argument.
#pragma once
#include <cstdio>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

namespace check {

struct Test {
  const char* name;
  void (*body)();
};
inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}
struct Register {
  Register(const char* name, void (*body)()) { tests().push_back({name, body}); }
};
inline int failures = 0;
inline std::vector<std::string> arguments;  // of the program
inline void fail(const char* file, int line, const std::string& text) {
  if (++failures <= 20) std::fprintf(stderr, "%s:%d: %s\n", file, line, text.c_str());
}
template <class A, class B>
void equal(const A& a, const B& b, const char* what, const char* file, int line) {
  if (a == b) return;
  std::ostringstream text;
  text << what << ": " << a << " is not " << b;
  fail(file, line, text.str());
}

}  // namespace check

#define TEST(name)                                       \
  static void name();                                    \
  static const check::Register name##_test(#name, name); \
  static void name()
#define CHECK(condition) ((condition) ? void() : check::fail(__FILE__, __LINE__, #condition))
#define CHECK_EQUAL(a, b) check::equal(a, b, #a, __FILE__, __LINE__)

int main(int count, char** arguments) {
  check::arguments.assign(arguments + 1, arguments + count);
  for (const check::Test& test : check::tests()) {
    if (count > 1 && !std::strstr(test.name, arguments[1])) continue;
    const int before = check::failures;
    test.body();
    std::printf("%s %s\n", check::failures == before ? "ok    " : "FAILED", test.name);
  }
  return check::failures ? 1 : 0;
}
