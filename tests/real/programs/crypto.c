/* SPDX-License-Identifier: GPL-2.0-or-later */
/* OpenSSL's libcrypto: digests, MACs, ciphers, RSA and elliptic curves with fixed inputs, on the
 * routines CPUID picks. */
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <stdio.h>
#include <string.h>

static unsigned char data[100000];

static void print(const char *name, const unsigned char *bytes, size_t size)
{
    printf("%-20s", name);
    for (size_t i = 0; i < size && i < 32; i++)
        printf("%02x", bytes[i]);
    printf(" (%zu)\n", size);
}

static void digests(void)
{
    static const char *const names[] = {
        "MD5",      "SHA1",     "SHA224",   "SHA256",     "SHA384",     "SHA512", "SHA512-256",
        "SHA3-256", "SHA3-512", "SHAKE256", "BLAKE2B512", "BLAKE2S256", "SM3"};
    static const size_t sizes[] = {0, 1, 63, 64, 65, 1000, sizeof data};

    for (size_t n = 0; n < sizeof names / sizeof *names; n++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            unsigned char out[EVP_MAX_MD_SIZE];
            unsigned size = 0;
            if (EVP_Digest(data, sizes[s], out, &size, EVP_get_digestbyname(names[n]), NULL) != 1)
                printf("%s failed\n", names[n]);
            print(names[n], out, size);
        }
}

static void ciphers(void)
{
    static const char *const names[] = {"AES-128-CBC",  "AES-256-CTR",       "AES-128-GCM",
                                        "AES-256-GCM",  "AES-256-XTS",       "AES-128-OCB",
                                        "ChaCha20",     "ChaCha20-Poly1305", "CAMELLIA-256-CBC",
                                        "ARIA-128-CTR", "DES-EDE3-CBC"};
    static unsigned char out[sizeof data + 64], back[sizeof data + 64];

    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
        const EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, names[n], NULL);
        unsigned char key[64], iv[16], digest[32];
        int size = 0, last = 0, total = 0;

        for (int i = 0; i < 64; i++)
            key[i] = (unsigned char)(i * 7 + 1);
        memset(iv, 9, sizeof iv);
        if (!cipher || EVP_EncryptInit_ex(context, cipher, NULL, key, iv) != 1)
            printf("%s cannot start\n", names[n]);
        EVP_EncryptUpdate(context, out, &size, data, 50001);
        if (EVP_EncryptFinal_ex(context, out + size, &last) == 1)
            total = size + last;
        else
            total = size;
        EVP_Digest(out, (size_t)total, digest, NULL, EVP_sha256(), NULL);
        print(names[n], digest, sizeof digest);
        EVP_DecryptInit_ex(context, cipher, NULL, key, iv);
        EVP_DecryptUpdate(context, back, &size, out, total);
        printf("%s\n", memcmp(back, data, 40000) ? "DIFFERENT" : "same");
        EVP_CIPHER_CTX_free(context);
    }
}

static void numbers(void)
{
    BN_CTX *context = BN_CTX_new();
    BIGNUM *base = NULL, *power = NULL, *modulus = BN_new(), *result = BN_new();

    BN_hex2bn(&base, "123456789abcdef0fedcba98765432100123456789abcdef");
    BN_hex2bn(&power, "10001000100010001000100010001000100010001000100010001");
    BN_set_word(modulus, 1);
    BN_lshift(modulus, modulus, 2203);
    BN_sub_word(modulus, 1);
    BN_mod_exp(result, base, power, modulus, context);
    char *text = BN_bn2hex(result);
    printf("modexp %s\n", text);
    OPENSSL_free(text);
    printf("2^2203-1 is %s\n", BN_check_prime(modulus, context, NULL) == 1 ? "prime" : "no prime");
    BN_free(base);
    BN_free(power);
    BN_free(modulus);
    BN_free(result);
    BN_CTX_free(context);
}

static void keys(void)
{
    static const int curves[] = {NID_X9_62_prime256v1, NID_secp384r1};
    unsigned char signature[512], out[32];

    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        EVP_PKEY *key = EVP_EC_gen(OBJ_nid2sn(curves[i]));
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        size_t size = sizeof signature;
        EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key);
        EVP_DigestSign(context, signature, &size, data, 1000);
        EVP_MD_CTX_reset(context);
        EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key);
        printf("%s %d\n", OBJ_nid2sn(curves[i]),
               EVP_DigestVerify(context, signature, size, data, 1000));
        EVP_MD_CTX_free(context);
        EVP_PKEY_free(key);
    }
    PKCS5_PBKDF2_HMAC("password", 8, (const unsigned char *)"salt", 4, 2000, EVP_sha512(), 32, out);
    print("PBKDF2", out, sizeof out);
    HMAC(EVP_sha256(), "key", 3, data, sizeof data, out, NULL);
    print("HMAC", out, sizeof out);
}

int main(void)
{
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * i >> 3);
    digests();
    ciphers();
    numbers();
    keys();
    return 0;
}
