/* SPDX-License-Identifier: GPL-2.0-or-later */
// C++ with threads: what the standard library builds on futexes, thread-local storage, exceptions,
// files and locales.
#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <iomanip>
#include <iostream>
#include <locale>
#include <map>
#include <mutex>
#include <numeric>
#include <random>
#include <regex>
#include <shared_mutex>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

static std::atomic<int> destroyed{0}, constructed{0};

struct PerThread {
    int value = 0;
    PerThread()
    {
        constructed++;
    }
    ~PerThread()
    {
        destroyed += value;
    }
};

thread_local PerThread per_thread;

static void thread_locals()
{
    std::vector<std::thread> threads;
    for (int i = 1; i <= 20; i++)
        threads.emplace_back([i] {
            per_thread.value = i;
            std::this_thread::yield();
        });
    for (auto &thread : threads)
        thread.join();
    std::cout << "constructed " << constructed << ", destroyed " << destroyed << "\n";
}

static long fibonacci(int n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static void futures()
{
    std::vector<std::future<long>> results;
    for (int i = 10; i < 22; i++)
        results.push_back(
            std::async(i % 3 ? std::launch::async : std::launch::deferred, fibonacci, i));
    for (auto &result : results)
        std::cout << result.get() << " ";
    std::promise<std::string> promise;
    auto shared = promise.get_future().share();
    std::vector<std::thread> threads;
    std::atomic<int> heard{0};
    for (int i = 0; i < 5; i++)
        threads.emplace_back([&] { heard += shared.get() == "said"; });
    promise.set_value("said");
    for (auto &thread : threads)
        thread.join();
    std::packaged_task<int(int)> task([](int x) { return x * 2; });
    auto doubled = task.get_future();
    std::thread(std::move(task), 21).join();
    std::cout << heard << " " << doubled.get() << " "
              << (std::async(std::launch::async, [] {}).wait_for(std::chrono::seconds(100)) ==
                  std::future_status::ready)
              << "\n";
}

struct Special : std::runtime_error {
    int code;
    Special(const std::string &what, int number) : std::runtime_error(what), code(number)
    {
    }
};

static int unwound;
static std::mutex unwinding;

struct Guard {
    ~Guard()
    {
        std::lock_guard<std::mutex> lock(unwinding);
        unwound++;
    }
};

static void deep(int n)
{
    Guard guard;
    if (n == 0)
        throw Special("from the depth", 42);
    deep(n - 1);
}

static void exceptions()
{
    std::vector<std::future<void>> futures;
    for (int i = 0; i < 8; i++)
        futures.push_back(std::async(std::launch::async, deep, 10 * i));
    int sum = 0;
    for (auto &future : futures) {
        try {
            future.get();
        } catch (const Special &special) {
            sum += special.code;
        }
    }
    std::cout << "caught " << sum << ", unwound " << unwound << "\n";
    std::exception_ptr carried;
    std::thread([&] {
        try {
            throw std::out_of_range("carried over");
        } catch (...) {
            carried = std::current_exception();
        }
    }).join();
    try {
        std::rethrow_exception(carried);
    } catch (const std::exception &error) {
        std::cout << error.what() << "\n";
    }
    try {
        std::future<int> future = std::promise<int>().get_future();
        future.get();
    } catch (const std::future_error &error) {
        std::cout << "broken promise " << (error.code() == std::future_errc::broken_promise)
                  << "\n";
    }
    std::atomic<int> many{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; t++)
        threads.emplace_back([&] {
            for (int i = 0; i < 500; i++)
                try {
                    std::vector<int>().at(static_cast<size_t>(i));
                } catch (const std::out_of_range &) {
                    many++;
                }
        });
    for (auto &thread : threads)
        thread.join();
    std::cout << many << " thrown\n";
}

static void locks()
{
    std::shared_mutex rw;
    std::map<int, int> table;
    std::recursive_timed_mutex timed;
    std::once_flag once;
    std::atomic<long> seen{0};
    int calls = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 6; t++)
        threads.emplace_back([&, t] {
            std::call_once(once, [&] { calls++; });
            for (int i = 0; i < 500; i++) {
                if (i % 10 == t) {
                    std::unique_lock<std::shared_mutex> lock(rw);
                    table[i] += t;
                } else {
                    std::shared_lock<std::shared_mutex> lock(rw);
                    seen += table.count(i) <= 1;
                }
            }
        });
    for (auto &thread : threads)
        thread.join();
    timed.lock();
    bool got = true;
    std::thread([&] { got = timed.try_lock_for(std::chrono::milliseconds(5)); }).join();
    std::condition_variable_any any;
    std::unique_lock<std::recursive_timed_mutex> held(timed, std::adopt_lock);
    bool timeout = any.wait_for(held, std::chrono::milliseconds(3)) == std::cv_status::timeout;
    std::cout << table.size() << " " << seen << " " << calls << " " << got << timeout << " "
              << std::accumulate(table.begin(), table.end(), 0,
                                 [](int a, auto &p) { return a + p.second; })
              << "\n";
}

static void files()
{
    namespace fs = std::filesystem;
    fs::create_directories("tree/a/b");
    for (int i = 0; i < 5; i++)
        std::ofstream(fs::path("tree/a") / ("file" + std::to_string(i)))
            << std::string(static_cast<size_t>(i) * 100, 'x');
    fs::create_symlink("a/file3", "tree/link");
    fs::copy("tree/a", "tree/copy", fs::copy_options::recursive);
    fs::rename("tree/copy/file1", "tree/renamed");
    std::vector<std::string> names;
    for (const auto &entry : fs::recursive_directory_iterator("tree"))
        names.push_back(entry.path().string() + (entry.is_symlink() ? " link"
                                                 : entry.is_directory()
                                                     ? " folder"
                                                     : " " + std::to_string(entry.file_size())));
    std::sort(names.begin(), names.end());
    for (const auto &name : names)
        std::cout << name << "\n";
    std::error_code code;
    fs::remove("tree", code);
    std::cout << code.message() << " " << fs::equivalent("tree/link", "tree/a/file3") << " "
              << fs::weakly_canonical("tree/a/../link").filename() << " " << fs::remove_all("tree")
              << "\n";
    std::ifstream missing("missing");
    std::cout << missing.is_open() << " " << fs::exists("tree") << "\n";
}

struct German : std::numpunct<char> {
    char do_decimal_point() const override
    {
        return ',';
    }
    char do_thousands_sep() const override
    {
        return '.';
    }
    std::string do_grouping() const override
    {
        return "\3";
    }
};

static void text()
{
    std::ostringstream out;
    out.imbue(std::locale(std::locale::classic(), new German));
    out << 1234567.891 << " " << std::fixed << std::setprecision(2) << 9876543.215 << " "
        << std::hex << std::showbase << 255;
    std::istringstream in("12 0x1f 3.5e2 word true");
    int a;
    double d;
    std::string hexadecimal, word;
    bool flag;
    in >> a >> hexadecimal >> d >> word >> std::boolalpha >> flag;
    std::cout << out.str() << " | " << a << hexadecimal << " " << d << " " << word << flag << "\n";
    try {
        std::locale wrong("xx_XX.none");
    } catch (const std::runtime_error &error) {
        std::cout << error.what() << "\n";
    }
    std::string line = "key=value; other = thing";
    std::regex pattern("(\\w+)\\s*=\\s*(\\w+)");
    for (std::sregex_iterator it(line.begin(), line.end(), pattern), end; it != end; ++it)
        std::cout << (*it)[1] << ":" << (*it)[2] << " ";
    std::mt19937_64 random(42);
    std::vector<int> numbers(10000);
    std::iota(numbers.begin(), numbers.end(), 0);
    std::shuffle(numbers.begin(), numbers.end(), random);
    std::nth_element(numbers.begin(), numbers.begin() + 5000, numbers.end());
    std::cout << numbers[5000] << " " << random() << "\n";
}

int main()
{
    thread_locals();
    futures();
    exceptions();
    locks();
    files();
    text();
    std::set_terminate([] {
        std::cout << "terminate called" << std::endl;
        std::_Exit(7);
    });
    std::thread([] { throw 1; }).join();
}
