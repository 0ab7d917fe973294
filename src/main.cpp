#include "cli/run.h"

int main(int argc, char** argv) {
  return mo::cli::run(argc, argv);
}
