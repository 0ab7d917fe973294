#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <toml.hpp>
#include <vector>

#include "custom/description.h"
#include "support/file.h"

namespace mo::custom {

/// Parses TOML within bounds: 256 KiB, 32 levels.  Throws Failure (layer_description) at the place that is
/// wrong.
toml::value parse_toml(const MappedFile& file);

Place place_of(const toml::value& value, const std::string& file);

[[noreturn]] void fail_at(const Place& place, std::string cause, std::string remedy = {});

/// A TOML table whose keys are all accounted for.
class TomlTable {
 public:
  TomlTable(const toml::value& value, const std::string& file, std::string_view what);

  const toml::value* find(std::string_view key);
  const toml::value& need(std::string_view key);

  std::string text(std::string_view key);  ///< required
  std::string text_or(std::string_view key, std::string fallback);
  /// One text or a list of texts.
  std::vector<std::string> texts(std::string_view key);
  std::int64_t whole_or(std::string_view key, std::int64_t fallback);
  /// A whole number, or [min, max].
  caffe::Count count_or(std::string_view key, caffe::Count fallback);
  std::vector<std::int64_t> wholes(std::string_view key);

  /// Names and values in the order of the file; they all count as known.
  std::vector<std::pair<std::string, const toml::value*>> entries();

  /// Fails for a key that nothing asked for.
  void finish() const;

  const Place& place() const { return place_; }
  Place place_of_value(const toml::value& value) const { return place_of(value, file_); }
  const std::string& file() const { return file_; }

 private:
  const toml::table& table_;
  std::string file_;
  std::string what_;
  Place place_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace mo::custom
