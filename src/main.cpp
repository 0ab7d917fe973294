#include <malloc.h>

#include "cli/run.h"

int main(int argc, char** argv) {
#ifdef M_MXFAST
  // A net of 100,000 layers frees millions of small pieces; glibc's lists of them would be walked again and
  // again.
  mallopt(M_MXFAST, 0);
#endif
  return mo::cli::run(argc, argv);
}
