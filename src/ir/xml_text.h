#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>

namespace mo::ir {

/// Takes a text piece by piece.
using TextSink = std::function<void(std::string_view)>;

/// Says XML: elements, attributes and their indentation.  Hands it on in pieces that stay in a core's cache,
/// the last with finish().
class XmlText {
 public:
  /// How an empty element ends: ` />` or, as the original tools of 2018 wrote it, `/>`.
  enum class Style { spaced, compact };

  explicit XmlText(const TextSink& sink, Style style = Style::spaced) : sink_(sink), style_(style) {
    out_.reserve(2 * piece);
  }

  /// Before the root element.
  void declare(std::string_view declaration) { out_ += declaration; }

  void open(std::string_view element) {
    out_.append(depth_, '\t');
    out_ += '<';
    out_ += element;
  }
  void attribute(std::string_view name, std::string_view value) {
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    escape(value);
    out_ += '"';
  }
  void attribute(std::string_view name, std::uint64_t value) {
    fmt::format_to(std::back_inserter(out_), " {}=\"{}\"", name, value);
  }
  void end_empty() {
    out_ += style_ == Style::compact ? "/>\n" : " />\n";
    hand_on();
  }
  void end_open() {
    out_ += ">\n";
    ++depth_;
  }
  void close(std::string_view element) {
    --depth_;
    out_.append(depth_, '\t');
    out_ += "</";
    out_ += element;
    out_ += ">\n";
    hand_on();
  }
  void number(std::string_view element, std::int64_t value) {
    out_.append(depth_, '\t');
    fmt::format_to(std::back_inserter(out_), "<{0}>{1}</{0}>\n", element, value);
  }

  void finish() {
    sink_(out_);
    out_.clear();
  }

 private:
  static constexpr std::size_t piece = 64 << 10;

  void hand_on() {
    if (out_.size() >= piece) finish();
  }
  void escape(std::string_view text) {
    for (const char c : text) {
      switch (c) {
        case '&':
          out_ += "&amp;";
          break;
        case '<':
          out_ += "&lt;";
          break;
        case '>':
          out_ += "&gt;";
          break;
        case '"':
          out_ += "&quot;";
          break;
        case '\n':
          out_ += "&#10;";
          break;
        case '\r':
          out_ += "&#13;";
          break;
        case '\t':
          out_ += "&#9;";
          break;
        // XML 1.0 has no spelling for the other control characters.
        default:
          out_ += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
      }
    }
  }

  std::string out_;
  const TextSink& sink_;
  Style style_;
  std::size_t depth_ = 0;
};

}  // namespace mo::ir
