"""What the behaviour tests share: writers of Caffe files, runners of `mo` and of the executors, the comparison."""
