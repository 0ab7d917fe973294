#include "os/shared_library.h"

#include <stdexcept>
#include <system_error>

#include "os/windows/system.h"

namespace mo::os {

std::string_view shared_library_ending() {
  return ".dll";
}

SharedLibrary::SharedLibrary(const std::string& path) : handle_(::LoadLibraryW(wide(path).c_str())) {
  if (handle_ == nullptr)
    throw std::runtime_error(std::system_category().message(static_cast<int>(::GetLastError())));
}

SharedLibrary::~SharedLibrary() {
  ::FreeLibrary(static_cast<HMODULE>(handle_));
}

void* SharedLibrary::symbol(const char* name) const {
  return reinterpret_cast<void*>(::GetProcAddress(static_cast<HMODULE>(handle_), name));
}

}  // namespace mo::os
