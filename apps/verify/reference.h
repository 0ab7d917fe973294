#pragma once

#include <set>
#include <string>
#include <vector>

#include "caffe/blob_flow.h"
#include "caffe/net.h"
#include "verify/array.h"
#include "verify/ir_executor.h"

namespace mo::verify {

/// What an executor that is not ours says of the Caffe net.
struct Reference {
  std::string executor;                ///< its name, for the report
  std::vector<const Array*> observed;  ///< one for each observation; nullptr: it does not say
  Arrays owned;                        ///< what `observed` points into
};

/// Names that several layers have: executors know one of these layers by it, so none is asked for by name.
std::set<std::string> repeated_names(const caffe::Net& net);

/// OpenCV's dnn module with its own reader of Caffe files.  Throws Failure (executor_failed).
Reference run_opencv(const caffe::NetFiles& files, const caffe::Net& net, const Arrays& feeds,
                     const std::vector<Observation>& observations);

/// A command, called with PROTOTXT CAFFEMODEL IN.npz OUT.npz.  It writes blobs by their names, as they are at
/// the end of the net, or by the names of the layers that give them (`layer.1` is the second top of a layer).
/// Throws Failure (executor_failed).
Reference run_caffe(const std::string& command, const caffe::NetFiles& files, const caffe::Net& net,
                    const Arrays& feeds, const std::vector<Observation>& observations);

/// Results that were recorded elsewhere, under the same names.  Throws Failure: file errors.
Reference read_recorded(const std::string& path, const caffe::Net& net,
                        const std::vector<Observation>& observations);

/// An old engine on the IR as it was given: a command, called with IR.xml IN.npz OUT.npz; outputs by name.
Arrays run_old_engine(const std::string& command, const std::string& xml, const Arrays& feeds);

}  // namespace mo::verify
