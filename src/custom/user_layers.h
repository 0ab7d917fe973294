#pragma once

#include <memory>
#include <string>
#include <vector>

#include "caffe/layer_registry.h"
#include "custom/collect_attributes.h"
#include "custom/description.h"
#include "custom/mapping.h"
#include "extension/extensions.h"

namespace mo::custom {

/// Where the user says what layers `mo` does not know are.
struct Sources {
  std::vector<std::string> folders;  ///< with description files, *.toml, and extension libraries, *.so
  std::string default_folder;        ///< the same, where there is one; empty: none
  std::string mapping;               ///< CustomLayersMapping.xml; empty: none
  std::string caffe_proto;           ///< the fork's schema; empty: Caffe's and the known forks'
  CollectOptions collect;
};

/// What the sources add to the built-in layers, ops and passes, and what they disable.  What is wrong with
/// the sources is added to `diagnostics`.
extension::Extensions load(const Sources& sources, Diagnostics& diagnostics);

/// The layer of a description that says what it becomes.  Throws Failure (layer_description) for steps whose
/// layers, parameters or bottoms do not exist.
std::unique_ptr<caffe::LayerRegistry::UserLayer> make_described_layer(const Description& description);

/// The layer of an entry of the mapping.  `shapes`: the description of its outputs, if there is one.
std::unique_ptr<caffe::LayerRegistry::UserLayer> make_mapped_layer(
    const MappedLayer& mapped, const Description* shapes, std::shared_ptr<const MessageSchema> schema,
    const CollectOptions& options);

/// The described parameters of a layer, as hidden attributes.
Attributes hidden_parameters(const std::vector<DescribedParameter>& parameters,
                             const caffe::LayerContext& context);

/// The layer's blobs under the roles that they have in the IR.
std::vector<Blob> all_blobs(const caffe::LayerContext& context);

}  // namespace mo::custom
