// Stands before libhdf5, as it is on a file that it cannot stand: it crashes, or ends the program.

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>

extern "C" std::int64_t H5Fopen(const char* /*name*/, unsigned /*flags*/, std::int64_t /*access*/) {
  const char* const how = std::getenv("MO_BROKEN_HDF5");
  if (how != nullptr && std::strcmp(how, "crash") == 0) std::raise(SIGSEGV);
  std::exit(1);
}
