# Completion of mo's options for bash; made by mo --generate mo.bash
_mo() {
  local word=${COMP_WORDS[COMP_CWORD]}
  case ${COMP_WORDS[COMP_CWORD-1]} in
    --framework) COMPREPLY=($(compgen -W "tf caffe mxnet kaldi onnx" -- "$word")); return ;;
    --input_model|-w|-m) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --model_name|-n) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --output_dir|-o) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --data_type) COMPREPLY=($(compgen -W "FP16 FP32 half float" -- "$word")); return ;;
    --ir_version) COMPREPLY=($(compgen -W "2 3 4 5 6 7 10 11" -- "$word")); return ;;
    --output_format) COMPREPLY=($(compgen -W "ir onnx" -- "$word")); return ;;
    --onnx_opset) COMPREPLY=($(compgen -W "11..21" -- "$word")); return ;;
    --log_level) COMPREPLY=($(compgen -W "CRITICAL ERROR WARN WARNING INFO DEBUG NOTSET" -- "$word")); return ;;
    --input) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --input_shape) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --batch|-b) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --output) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --freeze_placeholder_with_value) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --layout) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --source_layout) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --target_layout) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --mean_values|-ms) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --scale_values) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --scale|-s) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --mean_file|-mf) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --mean_file_offsets|-mo) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --preprocess) COMPREPLY=($(compgen -W "auto" -- "$word")); return ;;
    --finegrain_fusing) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --input_proto|-d) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --k|-k) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --extensions) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --caffe_proto) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --config) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --manifest) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --jobs) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --report) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --max_memory) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --upgrade_ir) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --check_ir) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --caffe_parser_path) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --transform) COMPREPLY=($(compgen -W "" -- "$word")); return ;;
    --transformations_config) COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  COMPREPLY=($(compgen -W "--help -h --version --framework --input_model -w -m --model_name -n --output_dir -o --data_type --compress_to_fp16 --allow_fp16_overflow --ir_version --output_format --onnx_opset --onnx_external_data --generate_deprecated_IR_V2 --generate_deprecated_IR_V7 --log_level --silent --input --input_shape --batch -b --output --freeze_placeholder_with_value --layout --source_layout --target_layout --mean_values -ms --scale_values --scale -s --reverse_input_channels --mean_file -mf --mean_file_offsets -mo --move_to_preprocess --preprocess --disable_fusing --finegrain_fusing --disable_gfusing --disable_resnet_optimization --fold_constants --input_proto -d --k -k --disable_omitting_optional --enable_flattening_nested_params --extensions --caffe_proto --config --manifest --jobs --resume --inspect --list_layers --print_shapes --report --max_memory --fsync --upgrade_ir --check_ir --verify --help-all --static_shape --progress --stream_output --use_legacy_frontend --use_new_frontend --caffe_parser_path --transform --transformations_config" -- "$word"))
}
complete -o filenames -F _mo mo mo.py mo_caffe.py
