#include "report/page.h"

namespace mo::report {

std::string fill(std::string_view page, std::string_view json) {
  constexpr std::string_view mark = "{{data}}";
  const std::size_t at = page.find(mark);
  std::string text(page.substr(0, at));
  text.reserve(page.size() + json.size() + json.size() / 8);
  for (const char c : json) {
    if (c == '<')
      text += "\\u003c";
    else if (c == '>')
      text += "\\u003e";
    else if (c == '&')
      text += "\\u0026";
    else
      text += c;
  }
  return text.append(page.substr(at + mark.size()));
}

}  // namespace mo::report
