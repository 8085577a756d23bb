//! HMAC with SHA-256 for the JWT crate, which leaves the cryptography to its user.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind, new_error};
use jsonwebtoken::{Algorithm, AlgorithmFamily};
use sha2::Sha256;
use signature::{Signer, Verifier};

/// What the crate is given.
static HS256: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| {
        let key = hs256(algorithm, key.family(), key.as_bytes())?;
        Ok(Box::new(key))
    },
    verifier_factory: |algorithm, key| {
        let key = hs256(algorithm, key.family(), key.try_get_as_bytes()?)?;
        Ok(Box::new(key))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

/// Gives the crate its cryptography, once in a process. Another library's serves as well.
pub fn install() {
    let _ = HS256.install_default();
}

/// A key, ready to sign and to verify.
struct Key(Hmac<Sha256>);

fn hs256(algorithm: &Algorithm, family: AlgorithmFamily, key: &[u8]) -> Result<Key, Error> {
    if *algorithm != Algorithm::HS256 || family != AlgorithmFamily::Hmac {
        return Err(new_error(ErrorKind::InvalidAlgorithm));
    }
    let key = Hmac::new_from_slice(key).map_err(|_| new_error(ErrorKind::InvalidKeyFormat))?;
    Ok(Key(key))
}

impl Signer<Vec<u8>> for Key {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let signed = self.0.clone().chain_update(message);
        Ok(signed.finalize().into_bytes().to_vec())
    }
}

impl JwtSigner for Key {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl Verifier<Vec<u8>> for Key {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let signed = self.0.clone().chain_update(message);
        signed
            .verify_slice(signature)
            .map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Key {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}
