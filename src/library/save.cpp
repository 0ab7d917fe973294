#include "library/save.h"

#include <filesystem>

#include "library/run.h"
#include "support/output_files.h"
#include "support/path.h"

namespace mo::library {

namespace {

void write(std::string_view xml, std::span<const std::byte> weights, std::string_view mapping,
           const std::filesystem::path& path) {
  if (path.has_parent_path()) create_folder(path.parent_path().string());
  PendingFile bin(std::filesystem::path(path).replace_extension(".bin").string());
  PendingFile map(std::filesystem::path(path).replace_extension(".mapping").string());
  PendingFile layers(path.string());
  bin.reserve(weights.size());
  bin.write({reinterpret_cast<const char*>(weights.data()), weights.size()});
  map.write(mapping);
  layers.write(xml);
  publish({&bin, &map, &layers}, false);
}

}  // namespace

void save(std::string_view xml, std::span<const std::byte> weights, std::string_view mapping,
          const std::string& path) {
  Diagnostics diagnostics;
  try {
    if (!path.ends_with(".xml"))
      diagnostics.error(code::output_not_writable, path + ": the name of an IR ends in .xml",
                        "give the path of the .xml file; the .bin file gets its name from it");
    else
      write(xml, weights, mapping, to_path(path));
  } catch (const Failure& failure) {
    diagnostics.add(failure.diagnostic());
  }
  if (diagnostics.has_errors()) throw Error(to_messages(diagnostics), diagnostics.exit_status());
}

}  // namespace mo::library
