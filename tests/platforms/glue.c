// Loads the two libraries of a jar for Windows, in the order of JavaCPP, and calls the kernels by the name that a JVM would:
// a call that touches no JVM, for there is none under wine.
#include <stdio.h>
#include <windows.h>

#include "mvq.h"

int main(int count, char** paths) {
  HMODULE last = NULL;
  for (int i = 1; i < count; i++) {
    last = LoadLibraryA(paths[i]);
    if (!last) {
      fprintf(stderr, "%s: not loaded, error %lu\n", paths[i], GetLastError());
      return 1;
    }
  }
  int32_t (*version)(void*, void*) =
      (int32_t(*)(void*, void*))(void*)GetProcAddress(last, "Java_io_mvq_kernel_binding_MvqNative_mvq_1abi_1version");
  if (!version || !GetProcAddress(last, "JNI_OnLoad")) {
    fprintf(stderr, "a JVM would not find its functions\n");
    return 1;
  }
  printf("ABI version %d\n", (int)version(NULL, NULL));
  return version(NULL, NULL) == MVQ_ABI_VERSION ? 0 : 1;
}
