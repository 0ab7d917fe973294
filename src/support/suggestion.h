#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mo {

/// `did you mean FP16?` where one of `known` is like `word`, letter case aside; else `otherwise`.
std::string suggestion(std::string_view word, std::span<const std::string_view> known, std::string otherwise);

/// The same for a path that leads nowhere: of the files in its folder, if that is no very large one.
std::string file_suggestion(const std::string& path, std::string otherwise);

}  // namespace mo
