#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "caffe/layer_def.h"
#include "graph/op.h"

namespace mo::caffe {

/// The layer types of one conversion: the built-in ones, those that the user adds, less those that the user
/// disables.  Types are compared without regard to letter case.
class LayerRegistry {
 public:
  /// A layer of the user's own, and everything that its definition and its ops refer to.
  struct UserLayer {
    std::vector<std::string> names;  ///< what the definition's views of text point at
    LayerDef definition;
    OpDef op;
    std::string source = {};  ///< the file that it came from
  };

  /// A type that another layer of the user's has already.
  struct Taken {
    std::string type;
    std::string source;  ///< of that other layer
  };

  /// Takes over a layer, which from now on stands for its types, unless one of them is taken.
  std::optional<Taken> add(std::unique_ptr<UserLayer> layer);
  /// Leaves out a built-in type.  Returns whether there is one of that name.
  bool disable(std::string_view type);

  /// The definition for a V2 type name, or nullptr.
  const LayerDef* find(std::string_view type) const;
  /// The known type nearest to a misspelt one, or empty.
  std::string_view nearest(std::string_view type) const;
  /// How many layers the user added.
  std::size_t user_layers() const { return layers_.size(); }

 private:
  std::vector<std::unique_ptr<UserLayer>> layers_;
  std::unordered_map<std::string, const LayerDef*> by_type_;  // lower case; nullptr: disabled
};

}  // namespace mo::caffe
