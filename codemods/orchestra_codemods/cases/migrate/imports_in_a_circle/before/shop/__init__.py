from shop.start import main
