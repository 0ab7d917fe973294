#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "caffe/layer_context.h"
#include "caffe/layer_registry.h"
#include "caffe/net.h"
#include "support/diagnostics.h"

namespace mo::inspect {

/// A bottom or top; without a shape where its layer could not be understood or gives nothing at inference.
struct BlobSummary {
  std::string name;
  Shape shape = {};
  bool known = false;
};

struct LayerSummary {
  std::string name;
  std::string type;
  std::vector<BlobSummary> bottoms;
  std::vector<BlobSummary> tops;
  /// What the prototxt sets of the parameters that have effect, by path without the `..._param` before it.
  std::vector<std::pair<std::string, std::string>> parameters;
  double multiply_adds = 0;  ///< with weights: convolutions, matrix products, recurrent layers
  double weights = 0;        ///< numbers in its blobs
};

struct NetSummary {
  std::string name;
  std::vector<LayerSummary> layers;
  bool trained = false;  ///< the weights are a caffemodel's; else those that training would give

  double multiply_adds() const;
  double weights() const;
};

/// Bytes of `weights` numbers as Caffe keeps them, in 32 bits each.
double weight_bytes(double weights);

/// Describes the layers of a net while its graph is built.  The net must outlive it.
class Summarizer {
 public:
  Summarizer(const caffe::Net& net, const caffe::LayerRegistry& registry);
  /// As a caffe::LayerObserver.
  void observe(const caffe::LayerContext& context, const caffe::LayerDef& definition, NodeId first_node);
  /// Index of the layer in the net and in the summary.
  std::size_t index_of(const caffe::LayerContext& context) const;
  /// The summary, once the graph is built.
  NetSummary finish();

 private:
  const caffe::Net& net_;
  NetSummary summary_;
};

/// Every layer of the net with what is known of it, whatever problems the net has: they are added to
/// `diagnostics`.
NetSummary summarize(const caffe::Net& net, const caffe::InputOverrides& inputs,
                     const caffe::LayerRegistry& registry, Diagnostics& diagnostics);

/// A table, and the totals below it.
std::string to_text(const NetSummary& summary);

/// The same as JSON, with all messages.
std::string to_json_text(const NetSummary& summary, const Diagnostics& diagnostics);

}  // namespace mo::inspect
