#include "extension/library.h"

#include <filesystem>
#include <stdexcept>

#include "support/diagnostics.h"
#include "support/path.h"

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
Function symbol(const os::SharedLibrary& loaded, const std::string& path, const char* name) {
  void* const address = loaded.symbol(name);
  if (address == nullptr)
    fail_library(path, std::string("it does not export ") + name + ": it is no extension of mo",
                 "build it from a source with MO_EXTENSION, or take it out of the folder");
  return reinterpret_cast<Function>(address);
}

}  // namespace

std::shared_ptr<const Library> Library::open(const std::string& path) {
  std::shared_ptr<Library> library(new Library(path));
  try {
    // An absolute path: a name without a slash would be looked for along the loader's own path.
    library->loaded_.emplace(std::filesystem::absolute(to_path(path)).string());
  } catch (const std::runtime_error& error) {
    fail_library(path, std::string("it cannot be loaded: ") + error.what());
  }
  const auto abi = symbol<std::uint32_t (*)()>(*library->loaded_, path, "mo_extension_abi")();
  if (abi != MO_EXTENSION_ABI)
    fail_library(path, "it was built for version " + std::to_string(abi) + " of the interface, this mo has " +
                           std::to_string(MO_EXTENSION_ABI));
  library->entry_ = symbol<Register>(*library->loaded_, path, "mo_extension_register");
  return library;
}

}  // namespace mo::extension
