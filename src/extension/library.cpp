#include "extension/library.h"

#include <dlfcn.h>

#include <filesystem>

#include "support/diagnostics.h"

namespace mo::extension {

void fail_library(const std::string& path, std::string cause, std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code::extension_library;
  diagnostic.file = path;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = remedy.empty() ? "build it again with the SDK of this mo, or take it out of the folder"
                                     : std::move(remedy);
  throw Failure(std::move(diagnostic));
}

namespace {

template <class Function>
Function symbol(void* handle, const std::string& path, const char* name) {
  void* const address = dlsym(handle, name);
  if (address == nullptr)
    fail_library(path, std::string("it does not export ") + name + ": it is no extension of mo",
                 "build it from a source with MO_EXTENSION, or take it out of the folder");
  return reinterpret_cast<Function>(address);
}

}  // namespace

std::shared_ptr<const Library> Library::open(const std::string& path) {
  // An absolute path: a name without a slash would be looked for along the loader's own path.
  const std::string absolute = std::filesystem::absolute(path).string();
  void* const handle = dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    std::string why = dlerror();
    if (why.starts_with(absolute + ": ")) why.erase(0, absolute.size() + 2);
    fail_library(path, "it cannot be loaded: " + why);
  }
  std::shared_ptr<Library> library(new Library(path, handle));
  const auto abi = symbol<std::uint32_t (*)()>(handle, path, "mo_extension_abi")();
  if (abi != MO_EXTENSION_ABI)
    fail_library(path, "it was built for version " + std::to_string(abi) + " of the interface, this mo has " +
                           std::to_string(MO_EXTENSION_ABI));
  library->entry_ = symbol<Register>(handle, path, "mo_extension_register");
  return library;
}

Library::~Library() {
  dlclose(handle_);
}

}  // namespace mo::extension
