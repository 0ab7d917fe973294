#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "caffe/net.h"

namespace mo::caffe {

/// Which top each bottom reads.  Blob names alone do not say: layers in place write one name several times.
class BlobFlow {
 public:
  explicit BlobFlow(const Net& net);

  /// The source of bottom `bottom` of layer `layer`; nothing when no layer before it writes that blob.
  std::optional<TopReference> source(std::size_t layer, std::size_t bottom) const {
    return sources_[layer][bottom];
  }
  /// What the blob is at the end of the net.
  std::optional<TopReference> last_writer(const std::string& blob) const;
  /// Layers that `tops` depend on, by index.
  std::vector<bool> needed_for(const std::vector<TopReference>& tops) const;
  /// Tops that no layer reads, of layers that depend on one of `from`.
  std::vector<TopReference> ends_behind(const std::vector<std::size_t>& from) const;

 private:
  std::vector<std::vector<std::optional<TopReference>>> sources_;
  std::vector<std::vector<bool>> used_;
  std::unordered_map<std::string, TopReference> writers_;
};

}  // namespace mo::caffe
