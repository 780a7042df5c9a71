/* SPDX-License-Identifier: GPL-2.0-or-later */
/* C++: iostream, containers, locale-free formatting, exceptions through several frames, destructors, RTTI. */
#include <algorithm>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct tracer {
    std::string name;
    explicit tracer(std::string n) : name(std::move(n)) { std::cout << "+" << name << "\n"; }
    ~tracer() { std::cout << "-" << name << "\n"; }
};

struct shape {
    virtual ~shape() = default;
    virtual double area() const = 0;
};
struct square : shape {
    double side = 2;
    double area() const override { return side * side; }
};
struct circle : shape {
    double area() const override { return 3.14159; }
};

static int deep(int n)
{
    tracer t("frame " + std::to_string(n));
    if (n == 0)
        throw std::out_of_range("the bottom");
    return deep(n - 1) + 1;
}

int main()
{
    try {
        deep(4);
    } catch (const std::logic_error &e) {
        std::cout << "caught " << e.what() << "\n";
    }
    try {
        std::vector<int>().at(7);
    } catch (const std::exception &e) {
        std::cout << e.what() << "\n";
    }
    long thrown = 0;
    for (int i = 0; i < 20000; i++) {
        try {
            throw i;
        } catch (int v) {
            thrown += v;
        }
    }
    std::cout << thrown << "\n";

    std::map<std::string, int> words;
    std::istringstream text("the cat and the dog and the bird");
    for (std::string w; text >> w;)
        words[w]++;
    for (const auto &[word, count] : words)
        std::cout << std::setw(8) << word << std::setw(4) << count << "\n";

    std::vector<std::unique_ptr<shape>> shapes;
    shapes.push_back(std::make_unique<square>());
    shapes.push_back(std::make_unique<circle>());
    for (const auto &s : shapes)
        std::cout << std::fixed << std::setprecision(2) << s->area() << " "
                  << (dynamic_cast<square *>(s.get()) ? "square" : "other") << "\n";

    std::ofstream("numbers.txt") << 1 << " " << 2.5 << " " << 0x10 << "\n";
    double sum = 0, value;
    std::ifstream in("numbers.txt");
    while (in >> value)
        sum += value;
    std::cout << sum << std::endl;
    std::cin >> value;
    std::cout << (std::cin.eof() ? "end of input" : "input") << std::endl;
    throw std::runtime_error("nobody catches this");
}
