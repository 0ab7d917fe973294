#include "os/shared_library.h"

#include <dlfcn.h>

#include <stdexcept>

namespace mo::os {

std::string_view shared_library_ending() {
  return ".so";
}

SharedLibrary::SharedLibrary(const std::string& path)
    : handle_(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ != nullptr) return;
  std::string why = ::dlerror();
  if (why.starts_with(path + ": ")) why.erase(0, path.size() + 2);
  throw std::runtime_error(why);
}

SharedLibrary::~SharedLibrary() {
  ::dlclose(handle_);
}

void* SharedLibrary::symbol(const char* name) const {
  return ::dlsym(handle_, name);
}

}  // namespace mo::os
