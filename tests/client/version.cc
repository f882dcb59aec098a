// version.cc: says which libnnrun it has.
#include <iostream>
#include <nnrun/nnrun.h>

int main()
{
    std::cout << nnrun_version() << std::endl;
    return std::cout.fail();
}
