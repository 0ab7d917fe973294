#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "graph/op.h"

namespace mo {

/// The ops of one conversion by name: the built-in ones and those of the user's extensions.
class OpRegistry {
 public:
  OpRegistry();

  /// An op of the user's, and what its definition's name points at.
  struct UserOp {
    std::string name;
    std::string source;  ///< the file that it came from
    OpDef definition;
  };

  /// Takes over an op, which from now on stands for its name.  Returns the source of the user's op that has
  /// the name already, in which case nothing changes; else an empty text.
  std::string add(std::unique_ptr<UserOp> op);

  /// The op of that name, or nullptr.
  const OpDef* find(std::string_view name) const;
  /// The known name nearest to a misspelt one, or empty.
  std::string_view nearest(std::string_view name) const;

  /// Gives the nodes of every built-in op whose name the user has taken over to the user's op.
  void take_over(Graph& graph) const;

 private:
  std::unordered_map<std::string_view, const OpDef*> built_in_;
  std::unordered_map<std::string_view, std::unique_ptr<UserOp>> own_;
};

}  // namespace mo
