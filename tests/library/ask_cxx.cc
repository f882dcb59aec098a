// ask_cxx.cc: a C++17 client: prints what nnrun predict --json prints of pictures, asked in batches.
//
//   ask CHECKPOINT BATCH bytes|floats ANSWERS PICTURES
//
// ANSWERS gets the outputs as they are.
#include <algorithm>
#include <cstdio>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <nnrun/nnrun.h>

#include "json.h"

namespace
{
struct Error : nnrun_error {
    Error() : nnrun_error NNRUN_ERROR_INIT
    {
    }
    ~Error()
    {
        nnrun_error_clear(this);
    }
    [[noreturn]] void raise() const
    {
        throw std::runtime_error(text);
    }
};

template <auto function> struct Call {
    template <class T> void operator()(T *object) const
    {
        function(object);
    }
};
using Model = std::unique_ptr<nnrun_model, Call<nnrun_close>>;
using Context = std::unique_ptr<nnrun_context, Call<nnrun_context_destroy>>;
using Pictures = std::unique_ptr<nnrun_pictures, Call<nnrun_pictures_close>>;

template <class Pointer, class Function, class... Arguments>
Pointer must(Function function, Arguments... arguments)
{
    Error error;
    Pointer object(function(arguments..., &error));
    if (!object)
        error.raise();
    return object;
}

void print(const nnrun_model *model, const std::string &name, const std::string &index, const float *outputs,
           bool empty)
{
    std::vector<nnrun_best_class> best(5);
    best.resize(nnrun_best(model, outputs, best.data(), best.size()));
    std::printf("{\"event\":\"predict\",\"file\":\"%s\",\"index\":%s,\"class\":%s", name.c_str(),
                index.c_str(), nnrun_class_name(model, best.at(0).index));
    json_real(",\"probability\":", static_cast<double>(best[0].value));
    const char *before = ",\"classes\":[";
    for (const auto &[number, value] : best) {
        std::printf("%s{\"class\":%zu", before, number);
        json_real(",\"probability\":", static_cast<double>(value));
        json_real(",\"value\":", static_cast<double>(value));
        std::printf("}");
        before = ",";
    }
    std::printf("],\"empty\":%s}\n", empty ? "true" : "false");
}

void ask(const std::string &checkpoint, std::size_t batch, bool floats, std::FILE *answers,
         const std::string &path)
{
    const Model model = must<Model>(nnrun_open, checkpoint.c_str(), nullptr);
    const Context context = must<Context>(nnrun_context_create, model.get(), 0u);
    const Pictures pictures = must<Pictures>(nnrun_pictures_open, path.c_str());
    const nnrun_info &info = *nnrun_describe(model.get());
    const std::size_t count = nnrun_pictures_count(pictures.get());

    for (std::size_t begin = 0; begin < count; begin += batch) {
        const std::size_t n = std::min(batch, count - begin);
        std::vector<std::uint8_t> samples(n * info.inputs);
        std::vector<float> outputs(n * info.outputs);
        std::vector<nnrun_prepared> prepared(n, nnrun_prepared NNRUN_PREPARED_INIT);
        for (std::size_t i = 0; i < n; i++) {
            Error error;
            if (nnrun_pictures_next(pictures.get(), model.get(), nullptr, &samples[i * info.inputs],
                                    &prepared[i], &error) != 0)
                error.raise();
        }
        if (floats)
            nnrun_predict_floats(context.get(), std::vector<float>(samples.begin(), samples.end()).data(), n,
                                 outputs.data());
        else
            nnrun_predict(context.get(), samples.data(), n, outputs.data());
        for (std::size_t i = 0; i < n; i++)
            print(model.get(), path,
                  nnrun_pictures_are_samples(pictures.get()) ? std::to_string(begin + i) : "null",
                  &outputs[i * info.outputs], prepared[i].empty != 0);
        if (std::fwrite(outputs.data(), sizeof(float), outputs.size(), answers) != outputs.size())
            throw std::runtime_error("cannot write answers");
    }
}
} // namespace

int main(int argc, char **argv)
{
    if (argc != 6)
        return 2;
    try {
        const std::unique_ptr<std::FILE, Call<std::fclose>> answers(std::fopen(argv[4], "wb"));
        if (!answers)
            throw std::runtime_error("cannot open answers");
        ask(argv[1], std::strtoul(argv[2], nullptr, 10), std::string(argv[3]) == "floats", answers.get(),
            argv[5]);
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return 1;
    }
}
