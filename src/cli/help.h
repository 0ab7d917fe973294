#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mo::cli {

/// The text of `mo --help`; `all`: of `mo --help-all`, with the options of the original's later versions.
std::string help_text(bool all);

/// A text made of the option table: `options.md` (the table in docs/cli.md), `mo.bash`, `_mo` (completion for
/// bash and zsh) or `mo.1` (manual page).  Nothing for another name.
std::optional<std::string> generated_text(std::string_view name);

}  // namespace mo::cli
